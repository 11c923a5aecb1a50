"""When an account sleeps, which half-year a day belongs to: by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pdp.members import rules

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days_unused", "days_since_warning", "dormant", "closed"),
    [
        (0, None, False, False),
        (89, None, False, False),
        (90, None, True, False),
        (400, None, True, False),
        (120, 29, True, False),
        (120, 30, True, True),
        (365, 200, True, True),
        # Used after the warning, even long ago: the warning is spent.
        (100, 130, True, False),
        (10, 40, False, False),
    ],
)
def test_an_account_is_warned_after_ninety_days_and_closed_thirty_days_later(
    days_unused: int, days_since_warning: int | None, dormant: bool, closed: bool
) -> None:
    used = NOW - timedelta(days=days_unused)
    warned = None if days_since_warning is None else NOW - timedelta(days=days_since_warning)
    assert rules.is_dormant(used, NOW) is dormant
    assert rules.must_close(used, warned, NOW) is closed


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 1, 1), "2026-S1"),
        (date(2026, 6, 30), "2026-S1"),
        (date(2026, 7, 1), "2026-S2"),
        (date(2026, 12, 31), "2026-S2"),
    ],
)
def test_a_year_has_two_reviews(day: date, period: str) -> None:
    assert rules.period_of(day) == period
