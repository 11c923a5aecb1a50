"""Who may be named in a seat: a table by hand."""

from datetime import date

import pytest

from pdp.accounts.enums import HolderRank
from pdp.governance.rules.mandates import Mandate, Period, check_end, check_new_mandate

T, S = HolderRank.TITULAIRE, HolderRank.SUPPLEANT
TODAY = date(2026, 6, 15)


def d(text: str) -> date:
    month, day = text.split("-")
    return date(2026, int(month), int(day))


def term(seat: int, person: int, rank: HolderRank, start: str, end: str | None = None) -> Mandate:
    return Mandate(seat, person, rank, Period(d(start), d(end) if end else None))


@pytest.mark.parametrize(
    ("wanted", "seat_terms", "own_terms", "fields"),
    [
        (term(1, 7, T, "06-15"), [], [], set()),
        (term(1, 7, T, "06-14"), [], [], {"starts_on"}),
        (term(1, 7, T, "07-01", "06-30"), [], [], {"ends_on"}),
        # One titulaire at a time; the day after the last day is free.
        (term(1, 7, T, "07-01"), [term(1, 8, T, "01-01")], [], {"rank"}),
        (term(1, 7, T, "07-01"), [term(1, 8, T, "01-01", "06-30")], [], set()),
        (term(1, 7, T, "07-01"), [term(1, 8, T, "01-01", "07-01")], [], {"rank"}),
        (term(1, 7, T, "07-01", "07-31"), [term(1, 8, T, "08-01")], [], set()),
        (term(1, 7, T, "07-01"), [term(1, 8, T, "08-01")], [], {"rank"}),
        # Several suppléants, but a person once.
        (term(1, 7, S, "07-01"), [term(1, 8, S, "01-01"), term(1, 9, T, "01-01")], [], set()),
        (term(1, 7, S, "07-01"), [term(1, 7, T, "01-01")], [], {"membership"}),
        (term(1, 7, S, "07-01"), [term(1, 7, S, "01-01", "06-30")], [], set()),
        # Titulaire of one seat at a time; suppléant elsewhere is another matter.
        (term(1, 7, T, "07-01"), [], [term(2, 7, T, "01-01")], {"membership"}),
        (term(1, 7, T, "07-01"), [], [term(2, 7, T, "01-01", "06-30")], set()),
        (term(1, 7, S, "07-01"), [], [term(2, 7, T, "01-01")], set()),
        (term(1, 7, T, "07-01"), [], [term(2, 7, S, "01-01")], set()),
        # Before the seat exists, after its end; outside the person's access.
        (term(1, 7, T, "06-20", "06-25"), [], [], set()),
    ],
)
def test_a_mandate_is_named_or_refused_by_the_field_at_fault(
    wanted: Mandate, seat_terms: list[Mandate], own_terms: list[Mandate], fields: set[str]
) -> None:
    errors = check_new_mandate(
        wanted,
        seat=Period(d("01-01")),
        membership=Period(d("01-01")),
        of_the_seat=seat_terms,
        of_the_person=own_terms,
        today=TODAY,
    )
    assert set(errors) == fields


@pytest.mark.parametrize(
    ("seat", "membership", "fields"),
    [
        (Period(d("07-02")), Period(d("01-01")), {"starts_on"}),
        (Period(d("01-01"), d("06-30")), Period(d("01-01")), {"starts_on"}),
        (Period(d("01-01")), Period(d("07-02")), {"starts_on"}),
        (Period(d("01-01")), Period(d("01-01"), d("06-30")), {"starts_on"}),
        (Period(d("07-01"), d("07-01")), Period(d("07-01"), d("07-01")), set()),
    ],
)
def test_seat_and_access_must_hold_on_the_first_day(seat: Period, membership: Period, fields: set[str]) -> None:
    wanted = term(1, 7, T, "07-01")
    found = check_new_mandate(wanted, seat=seat, membership=membership, of_the_seat=[], of_the_person=[], today=TODAY)
    assert set(found) == fields


@pytest.mark.parametrize(
    ("period", "ends_on", "refused"),
    [
        (Period(d("01-01")), "06-15", False),
        (Period(d("01-01")), "06-14", True),
        (Period(d("01-01"), d("06-14")), "07-01", True),
        (Period(d("01-01"), d("06-15")), "07-01", False),
        (Period(d("07-01")), "06-30", True),
        (Period(d("07-01")), "07-01", False),
    ],
)
def test_what_is_over_does_not_end_again(period: Period, ends_on: str, refused: bool) -> None:
    assert bool(check_end(period, d(ends_on), TODAY)) is refused
