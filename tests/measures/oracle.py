"""A second reckoning of the clocks, day by day, that shares nothing with the product.

Its public holidays are typed from printed calendars; its months come from dateutil.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

DAY = timedelta(days=1)

# Those of the same date every year, as (month, day).
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Easter Monday, Ascension Thursday and Whit Monday; then Good Friday, kept in Alsace-Moselle.
_MOVING = {
    2023: ("04-10", "05-18", "05-29", "04-07"),
    2024: ("04-01", "05-09", "05-20", "03-29"),
    2025: ("04-21", "05-29", "06-09", "04-18"),
    2026: ("04-06", "05-14", "05-25", "04-03"),
    2027: ("03-29", "05-06", "05-17", "03-26"),
    2028: ("04-17", "05-25", "06-05", "04-14"),
    2029: ("04-02", "05-10", "05-21", "03-30"),
}


def is_off(day: date, place: str) -> bool:
    """Tell whether nobody is counted as working on a day: a Sunday or a public holiday of the place."""
    if day.isoweekday() == 7 or (day.month, day.day) in _FIXED:
        return True
    *everywhere, good_friday = _MOVING[day.year]
    name = day.strftime("%m-%d")
    if name in everywhere:
        return True
    if place == "Strasbourg":
        return name in (good_friday, "12-26")
    return place == "Réunion" and name == "12-20"


def days_of(periods: list[tuple[date, date]]) -> Iterator[date]:
    """Yield each day of each period."""
    for start, end in periods:
        day = start
        while day <= end:
            yield day
            day += DAY


def reckon(unit: str, limit: int, periods: list[tuple[date, date]], place: str) -> tuple[int, date]:
    """Return how much is used, and the last day allowed."""
    first, end = periods[0][0], periods[-1][1]
    if unit == "months":
        used = 1
        while first + relativedelta(months=used) <= end:
            used += 1
        return used, first + relativedelta(months=limit) - DAY
    used, reached = 0, None
    for day in days_of(periods):
        if unit == "days" or not is_off(day, place):
            used += 1
            if used == limit:
                reached = day
    day, more = end, used
    while reached is None:
        day += DAY
        if unit == "days" or not is_off(day, place):
            more += 1
            if more == limit:
                reached = day
    return used, reached


def fit(periods: list[tuple[date, date]], prescribed_end: date) -> str:
    """Return « inside », or the first and last day to cover by a prolongation."""
    beyond = [day for day in days_of(periods) if day > prescribed_end]
    return f"{beyond[0]}..{beyond[-1]}" if beyond else "inside"
