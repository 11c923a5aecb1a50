"""Until when a request is answered: a table written by hand from the calendar, then what may be done when."""

from collections.abc import Callable
from datetime import date

import pytest

from pdp.core.calendar import Territory
from pdp.core.errors import RuleViolation
from pdp.privacy.enums.register import RequestState, RightKind
from pdp.privacy.rules.deadline import RequestDates, add_months, deadline, extension_limit
from pdp.privacy.rules.register import Act, RequestFacts, ensure_in_order, ensure_open, is_late, open_acts

METROPOLE, ALSACE, REUNION, MARTINIQUE = (
    Territory.METROPOLE,
    Territory.ALSACE_MOSELLE,
    Territory.REUNION,
    Territory.MARTINIQUE,
)

# received, identity asked, identity given, extended, where, last day to answer. Read from a wall calendar.
TABLE = """
2026-03-05 -          -          no  metropole  2026-04-07 | 5 April is Easter Sunday, the 6th is Easter Monday
2026-03-03 -          -          no  metropole  2026-04-03 | a Friday
2026-03-03 -          -          no  alsace     2026-04-07 | Good Friday, then the weekend and Easter Monday
2026-08-31 -          -          no  metropole  2026-09-30 | September has no 31st
2026-01-31 -          -          no  metropole  2026-03-02 | 28 February is a Saturday
2026-01-29 -          -          no  metropole  2026-03-02 | the same, from the 29th
2026-01-28 -          -          no  metropole  2026-03-02 | the same, from the 28th
2026-01-27 -          -          no  metropole  2026-02-27 | a Friday
2028-01-31 -          -          no  metropole  2028-02-29 | a leap year, a Tuesday
2028-01-30 -          -          no  metropole  2028-02-29 | the same, from the 30th
2028-01-29 -          -          no  metropole  2028-02-29 | the same date
2027-01-29 -          -          no  metropole  2027-03-01 | 28 February 2027 is a Sunday
2026-04-01 -          -          no  metropole  2026-05-04 | 1 May, a Friday, then the weekend
2026-04-08 -          -          no  metropole  2026-05-11 | 8 May is a Friday
2026-04-14 -          -          no  metropole  2026-05-15 | Ascension Day is Thursday 14 May
2026-04-25 -          -          no  metropole  2026-05-26 | Whit Monday is 25 May
2026-06-14 -          -          no  metropole  2026-07-15 | 14 July, a Tuesday
2026-07-15 -          -          no  metropole  2026-08-17 | 15 August is a Saturday
2026-10-01 -          -          no  metropole  2026-11-02 | 1 November is a Sunday
2026-10-11 -          -          no  metropole  2026-11-12 | 11 November, a Wednesday
2026-10-14 -          -          no  metropole  2026-11-16 | 14 November is a Saturday
2026-11-20 -          -          no  metropole  2026-12-21 | 20 December is a Sunday
2026-11-20 -          -          no  reunion    2026-12-21 | the abolition is on that Sunday
2027-11-20 -          -          no  reunion    2027-12-21 | the abolition is on Monday the 20th
2027-11-20 -          -          no  metropole  2027-12-20 | that Monday elsewhere
2026-04-22 -          -          no  martinique 2026-05-26 | 22 May is a holiday there, then Whit Monday
2026-04-22 -          -          no  metropole  2026-05-22 | that Friday elsewhere
2026-11-25 -          -          no  metropole  2026-12-28 | Christmas Day, a Friday
2026-11-26 -          -          no  alsace     2026-12-28 | 26 December, a Saturday and a holiday there
2027-11-26 -          -          no  alsace     2027-12-27 | Sunday the 26th
2026-12-01 -          -          no  metropole  2027-01-04 | 1 January, a Friday
2026-12-31 -          -          no  metropole  2027-02-01 | 31 January is a Sunday
2025-12-15 -          -          no  metropole  2026-01-15 | over the year's end
2026-03-03 -          -          yes metropole  2026-06-03 | three months in all
2026-03-05 -          -          yes metropole  2026-06-05 | counted from the receipt, not from Easter Tuesday
2026-01-31 -          -          yes metropole  2026-04-30 | April has no 31st
2025-11-30 -          -          yes metropole  2026-03-02 | February has no 30th, and the 28th is a Saturday
2026-08-11 -          -          yes metropole  2026-11-12 | 11 November
2026-03-03 2026-03-04 -          no  metropole  -          | suspended
2026-03-03 2026-03-04 -          yes metropole  -          | suspended, extended or not
2026-03-03 2026-03-04 2026-03-04 no  metropole  2026-04-03 | proven on the same day: nothing is added
2026-03-03 2026-03-04 2026-03-14 no  metropole  2026-04-13 | ten days are added
2026-03-03 2026-03-04 2026-03-12 no  metropole  2026-04-13 | eight days: Saturday 11 April
2026-01-31 2026-02-02 2026-02-16 no  metropole  2026-03-16 | fourteen days after 28 February: a Saturday
2026-03-03 2026-03-04 2026-03-14 yes metropole  2026-06-15 | ten days after 3 June: a Saturday
"""
_PLACES = {"metropole": METROPOLE, "alsace": ALSACE, "reunion": REUNION, "martinique": MARTINIQUE}


def _day(word: str) -> date | None:
    return None if word == "-" else date.fromisoformat(word)


def _rows() -> list[tuple[RequestDates, Territory, date | None]]:
    rows = []
    for line in TABLE.strip().splitlines():
        received, asked, given, extended, where, expected = line.split("|")[0].split()
        dates = RequestDates(date.fromisoformat(received), _day(asked), _day(given), extended == "yes")
        rows.append((dates, _PLACES[where], _day(expected)))
    return rows


def test_each_deadline_is_the_one_read_from_the_calendar(figure: Callable[[str, object], None]) -> None:
    wrong = [(dates, place, deadline(dates, place)) for dates, place, day in _rows() if deadline(dates, place) != day]
    assert wrong == []
    figure("rights.deadlines", f"{len(_rows())} deadlines read from a calendar, {len(wrong)} wrong")


def test_months_end_on_the_last_day_that_exists() -> None:
    assert add_months(date(2026, 10, 31), 1) == date(2026, 11, 30)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)


def test_the_person_is_told_of_an_extension_before_the_end_of_the_first_month() -> None:
    dates = RequestDates(date(2026, 3, 5))
    assert extension_limit(dates) == date(2026, 4, 7)
    facts = RequestFacts(RightKind.ACCESS, RequestState.RECEIVED, dates, True)
    assert Act.EXTEND in open_acts(facts, date(2026, 4, 7))
    assert Act.EXTEND not in open_acts(facts, date(2026, 4, 8))
    with pytest.raises(RuleViolation, match="premier mois"):
        ensure_open(facts, Act.EXTEND, date(2026, 4, 8))


def test_an_extension_is_taken_once() -> None:
    extended = RequestDates(date(2026, 3, 5), extended=True)
    facts = RequestFacts(RightKind.ACCESS, RequestState.PREPARING, extended, True)
    assert Act.EXTEND not in open_acts(facts, date(2026, 3, 10))


# state → acts, for an access request about a case in its first days; by hand.
ACTS_BY_STATE = {
    "received": "ask_identity prepare extend answer refuse",
    "identity_awaited": "identity_given refuse",
    "preparing": "ask_identity prepare extend answer refuse",
    "to_hand_over": "prepare extend answer refuse",
    "answered": "",
    "refused": "",
}


def test_each_state_leaves_the_acts_of_the_table_open() -> None:
    for state, acts in ACTS_BY_STATE.items():
        facts = RequestFacts(RightKind.ACCESS, RequestState(state), RequestDates(date(2026, 3, 5)), True)
        assert open_acts(facts, date(2026, 3, 6)) == {Act(word) for word in acts.split()}, state


def test_a_copy_is_prepared_for_access_and_portability_of_a_known_person_only() -> None:
    dates = RequestDates(date(2026, 3, 5))
    prepared = {
        kind.value
        for kind in RightKind
        if Act.PREPARE in open_acts(RequestFacts(kind, RequestState.RECEIVED, dates, True), date(2026, 3, 6))
    }
    assert prepared == {"access", "portability"}
    unknown = RequestFacts(RightKind.ACCESS, RequestState.RECEIVED, dates, False)
    assert Act.PREPARE not in open_acts(unknown, date(2026, 3, 6))


def test_a_date_before_the_request_or_to_come_is_refused() -> None:
    since, today = date(2026, 3, 5), date(2026, 3, 10)
    ensure_in_order(date(2026, 3, 5), since, today, "Répondue le")
    for day in (date(2026, 3, 4), date(2026, 3, 11)):
        with pytest.raises(RuleViolation, match="Répondue le"):
            ensure_in_order(day, since, today, "Répondue le")


def test_a_request_is_late_the_day_after_its_deadline_unless_it_is_closed() -> None:
    due = date(2026, 4, 3)
    assert not is_late(due, None, date(2026, 4, 3))
    assert is_late(due, None, date(2026, 4, 4))
    assert not is_late(due, date(2026, 4, 10), date(2026, 4, 20))
    assert not is_late(None, None, date(2026, 4, 20))
