"""Working days, against values counted by hand on printed calendars."""

from datetime import date

import pytest

from pdp.core.calendar import (
    Territory,
    add_working_days,
    is_working_day,
    period_end,
    public_holidays,
    working_days,
)

PARIS = Territory.METROPOLE
STRASBOURG = Territory.ALSACE_MOSELLE
REUNION = Territory.REUNION

# Each count: days of the period, less its Sundays, less the holidays that fall from Monday to Saturday.
COUNTS = [
    # May 2026: 31 - 5 Sundays - 1, 8, 14 and 25 May.
    ("2026-05-01", "2026-05-31", PARIS, 22),
    ("2026-05-01", "2026-05-31", STRASBOURG, 22),
    ("2026-05-01", "2026-05-31", REUNION, 22),
    # April 2026: 30 - 4 Sundays - Easter Monday (6), and Good Friday (3) in Strasbourg.
    ("2026-04-01", "2026-04-30", PARIS, 25),
    ("2026-04-01", "2026-04-30", STRASBOURG, 24),
    # December 2026: 31 - 4 Sundays - the 25th; the 26th is a Saturday; the 20th is a Sunday.
    ("2026-12-01", "2026-12-31", PARIS, 26),
    ("2026-12-01", "2026-12-31", STRASBOURG, 25),
    ("2026-12-01", "2026-12-31", REUNION, 26),
    # December 2027: 31 - 4 Sundays - Saturday the 25th; Monday the 20th in La Réunion; Sunday the 26th.
    ("2027-12-01", "2027-12-31", PARIS, 26),
    ("2027-12-01", "2027-12-31", STRASBOURG, 26),
    ("2027-12-01", "2027-12-31", REUNION, 25),
    # A trial of the contract's example, without any holiday: Monday 9 to Tuesday 24 March 2026.
    ("2026-03-09", "2026-03-24", PARIS, 14),
    ("2026-03-09", "2026-03-25", PARIS, 15),
    # Across a new year: Thursday 31 December, Friday 1 January (holiday), Saturday 2.
    ("2026-12-31", "2027-01-02", PARIS, 2),
    # One day: a Saturday counts, a Sunday does not.
    ("2026-03-07", "2026-03-07", PARIS, 1),
    ("2026-03-08", "2026-03-08", PARIS, 0),
]


@pytest.mark.parametrize(("start", "end", "territory", "expected"), COUNTS)
def test_working_days_equal_the_hand_count(start: str, end: str, territory: Territory, expected: int) -> None:
    assert working_days(date.fromisoformat(start), date.fromisoformat(end), territory) == expected


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        working_days(date(2026, 3, 2), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("start", "count", "territory", "expected"),
    [
        ("2026-03-06", 1, PARIS, "2026-03-07"),  # Friday, then Saturday.
        ("2026-03-07", 1, PARIS, "2026-03-09"),  # Saturday, then Monday.
        ("2026-04-02", 1, PARIS, "2026-04-03"),  # Good Friday is worked in Paris,
        ("2026-04-02", 1, STRASBOURG, "2026-04-04"),  # not in Strasbourg.
        ("2026-04-04", 1, PARIS, "2026-04-07"),  # Easter Sunday and Monday.
        ("2027-12-18", 1, REUNION, "2027-12-21"),  # Saturday, then Sunday and the 20th off.
        ("2026-03-08", 0, PARIS, "2026-03-08"),
    ],
)
def test_adding_working_days_skips_sundays_and_holidays(
    start: str, count: int, territory: Territory, expected: str
) -> None:
    assert add_working_days(date.fromisoformat(start), count, territory) == date.fromisoformat(expected)


def test_adding_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 3, 2), -1)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-03-09", 1, "2026-03-09"),
        ("2026-03-09", 14, "2026-03-24"),
        ("2026-03-08", 1, "2026-03-09"),
        # 27 April to 16 May 2026: 1, 8 and 14 May are holidays.
        ("2026-04-27", 14, "2026-05-15"),
    ],
)
def test_a_period_counts_its_first_day(start: str, count: int, expected: str) -> None:
    assert period_end(date.fromisoformat(start), count) == date.fromisoformat(expected)


def test_a_period_of_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        period_end(date(2026, 3, 9), 0)


def test_metropolitan_france_has_its_eleven_holidays() -> None:
    assert dict(public_holidays(2026)) == {
        date(2026, 1, 1): "Jour de l’an",
        date(2026, 4, 6): "Lundi de Pâques",
        date(2026, 5, 1): "Fête du Travail",
        date(2026, 5, 8): "Fête de la Victoire",
        date(2026, 5, 14): "Ascension",
        date(2026, 5, 25): "Lundi de Pentecôte",
        date(2026, 7, 14): "Fête nationale",
        date(2026, 8, 15): "Assomption",
        date(2026, 11, 1): "Toussaint",
        date(2026, 11, 11): "Armistice",
        date(2026, 12, 25): "Noël",
    }


@pytest.mark.parametrize(
    ("territory", "added"),
    [
        (Territory.ALSACE_MOSELLE, {"2026-04-03", "2026-12-26"}),
        (Territory.GUADELOUPE, {"2026-05-27"}),
        (Territory.MARTINIQUE, {"2026-05-22"}),
        (Territory.GUYANE, {"2026-06-10"}),
        (Territory.REUNION, {"2026-12-20"}),
        (Territory.MAYOTTE, {"2026-04-27"}),
        (Territory.SAINT_BARTHELEMY, {"2026-10-09"}),
        (Territory.SAINT_MARTIN, {"2026-05-28"}),
    ],
)
def test_each_territory_adds_its_own_days_and_no_local_custom(territory: Territory, added: set[str]) -> None:
    extra = set(public_holidays(2026, territory)) - set(public_holidays(2026))
    assert {day.isoformat() for day in extra} == added


def test_holidays_come_in_order_of_date() -> None:
    days = list(public_holidays(2026, Territory.MAYOTTE))
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("code", "territory"),
    [("67", STRASBOURG), ("57", STRASBOURG), ("974", REUNION), ("13", PARIS), ("2A", PARIS)],
)
def test_a_departement_tells_its_territory(code: str, territory: Territory) -> None:
    assert Territory.of_department(code) is territory


def test_a_holiday_is_not_a_working_day() -> None:
    assert not is_working_day(date(2026, 4, 6))
    assert is_working_day(date(2026, 4, 7))
