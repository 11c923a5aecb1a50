"""Lengths in months, as the rules of duration count them."""

from datetime import date


def months_begun(start: date, end: date) -> int:
    """Count the months of a period, a begun month counting whole: 1 March to 31 August is 6."""
    after = end.toordinal() + 1
    count = 0
    while _plus_months(start, count).toordinal() < after:
        count += 1
    return count


def _plus_months(day: date, count: int) -> date:
    year, month = divmod(day.month - 1 + count, 12)
    year += day.year
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))


def last_day_of_months(start: date, count: int) -> date:
    """Return the last day of `count` months from `start`, which is included: 1 March and 6 is 31 August.

    The last one of which `months_begun` still says `count`; a day that the last month has not is its last one.
    """
    return _plus_months(start, count) - date.resolution
