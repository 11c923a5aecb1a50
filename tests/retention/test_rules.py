"""When a time is over, what stops it, when a run must not go on: values by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pdp.retention.enums import Standing, StopReason, Suspension
from pdp.retention.rules import (
    CaseClock,
    Rules,
    add_months,
    age_band,
    beyond_cap,
    doubt_of_clock,
    due_on,
    is_covered,
    last_contact,
    rules_on,
    standing,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 11, 22), 24, date(2026, 11, 22)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2022, 2, 28), 24, date(2024, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2025, 1, 31), -2, date(2024, 11, 30)),
        (date(2024, 10, 31), 13, date(2025, 11, 30)),
    ],
)
def test_months_end_where_the_calendar_says(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


CLOSED = date(2024, 11, 22)


@pytest.mark.parametrize(
    ("clock", "contact", "due"),
    [
        (CaseClock(CLOSED, True), CLOSED, date(2026, 11, 22)),
        (CaseClock(CLOSED, True, (date(2024, 1, 5),)), CLOSED, date(2026, 11, 22)),
        (CaseClock(CLOSED, True, (date(2025, 3, 31),)), date(2025, 3, 31), date(2027, 3, 31)),
        # A contact to come is a slip: it keeps nothing.
        (CaseClock(CLOSED, True, (date(2062, 3, 31),)), CLOSED, date(2026, 11, 22)),
        # A case that is open, or open again, leaves the clock.
        (CaseClock(None, False), None, None),
        (CaseClock(CLOSED, False), None, None),
    ],
)
def test_the_time_runs_from_the_last_contact(clock: CaseClock, contact: date | None, due: date | None) -> None:
    assert last_contact(clock, TODAY) == contact
    assert due_on(clock, Rules(), TODAY) == due


HELD = frozenset({Suspension.HOLD})


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (CaseClock(date(2024, 11, 22), True), Standing.DUE),
        (CaseClock(date(2024, 11, 23), True), Standing.SOON),
        # Sixty days before the end, then sixty-one.
        (CaseClock(date(2025, 1, 21), True), Standing.SOON),
        (CaseClock(date(2025, 1, 22), True), Standing.RUNNING),
        # A year off is what a bug of the cutoff would be.
        (CaseClock(date(2025, 11, 22), True), Standing.RUNNING),
        (CaseClock(date(2024, 11, 22), True, suspensions=HELD), Standing.SUSPENDED),
        (CaseClock(date(2025, 6, 1), True, suspensions=HELD), Standing.RUNNING),
        (CaseClock(date(2024, 10, 1), True, (), frozenset(), date(2026, 10, 23), date(2026, 11, 22)), Standing.READY),
        (CaseClock(date(2024, 10, 1), True, (), frozenset(), date(2026, 10, 24), date(2026, 11, 23)), Standing.HIDDEN),
        (CaseClock(date(2024, 10, 1), True, (), HELD, date(2026, 10, 1), date(2026, 10, 31)), Standing.SUSPENDED),
        # Hidden, then a contact: never erased by that date.
        (
            CaseClock(
                date(2024, 10, 1), True, (date(2026, 11, 1),), frozenset(), date(2026, 10, 1), date(2026, 10, 31)
            ),
            Standing.HIDDEN,
        ),
        (CaseClock(date(2020, 1, 1), False, (), frozenset(), None, None), Standing.RUNNING),
    ],
)
def test_where_a_case_stands(clock: CaseClock, expected: Standing) -> None:
    assert standing(clock, Rules(), TODAY) is expected


@pytest.mark.parametrize(("base", "cap"), [(0, 3), (10, 3), (199, 3), (200, 4), (950, 19), (1_000, 20), (50_000, 20)])
def test_the_cap_follows_the_base_between_two_bounds(base: int, cap: int) -> None:
    assert Rules().cap(base) == cap


def test_a_run_beyond_the_cap_says_its_figures() -> None:
    assert beyond_cap(Rules(), 100, 3, 3) is None
    assert beyond_cap(Rules(), 100, 4, 0) is not None
    said = beyond_cap(Rules(), 100, 0, 98)
    assert said is not None
    assert "98" in said
    assert "plafond d’un passage est de 3" in said


NOW = datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("database_now", "newest", "last_run", "word"),
    [
        (NOW, None, None, ""),
        (NOW, NOW - DAY, NOW - DAY, ""),
        (NOW - timedelta(minutes=4), NOW, NOW - DAY, ""),
        (NOW - timedelta(minutes=6), NOW, NOW, "même heure"),
        (NOW - 3652 * DAY, NOW, NOW, "même heure"),
        (NOW, NOW - timedelta(hours=27), NOW, "avancé"),
        (NOW, NOW, NOW - 3652 * DAY, "avancé de 3652"),
        (NOW, NOW + DAY, None, "reculé"),
    ],
)
def test_a_clock_that_jumps_is_doubted(
    database_now: datetime, newest: datetime | None, last_run: datetime | None, word: str
) -> None:
    said = doubt_of_clock(NOW, database_now, newest, last_run)
    assert word in said if said else word == ""
    assert bool(said) is bool(word)


@pytest.mark.parametrize(
    ("confirmed", "covered"),
    [
        (None, False),
        ((StopReason.CAP, NOW - DAY, 10, 5), True),
        ((StopReason.CAP, NOW - DAY, 9, 5), False),
        ((StopReason.CAP, NOW - DAY, 10, 4), False),
        ((StopReason.CAP, NOW - 8 * DAY, 10, 5), False),
        ((StopReason.CLOCK, NOW - DAY, 10, 5), False),
    ],
)
def test_a_confirmation_covers_what_was_confirmed(
    confirmed: tuple[StopReason, datetime, int, int] | None, covered: bool
) -> None:
    assert is_covered(StopReason.CAP, confirmed, NOW, 10, 5) is covered


def test_the_rule_in_force_is_the_newest_whose_day_has_come() -> None:
    history = [
        Rules(months=36, valid_from=date(2026, 1, 1)),
        Rules(months=12, valid_from=date(2026, 11, 23)),
        Rules(months=30, valid_from=date(2025, 1, 1)),
    ]
    assert rules_on(history, TODAY).months == 36
    assert rules_on(history, date(2026, 11, 23)).months == 12
    assert rules_on([], TODAY).months == 24


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (date(1996, 11, 23), "-29"),
        (date(1996, 11, 22), "30-39"),
        (date(1966, 11, 23), "50-59"),
        (date(1966, 11, 22), "60-"),
    ],
)
def test_ages_are_kept_by_ten_years(birth: date, band: str) -> None:
    assert age_band(birth, TODAY) == band
