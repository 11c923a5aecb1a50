"""Until when a request must be answered: RGPD art. 12.3, periods of Règlement (CEE, Euratom) 1182/71.

A period of months ends on the same date as the day of receipt, or on the last day of a month that has no such
date (art. 3.2 c); when that day is a Saturday, a Sunday or a public holiday, on the next working day
(art. 3.4). Saturday is no working day there (art. 2.2), unlike the jours ouvrables of the French code.
The time during which a proof of identity is awaited does not count (art. 12.6; EDPB guidelines 01/2022, § 157).
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.core.calendar import Territory, public_holidays

ANSWER_MONTHS = 1
EXTENDED_MONTHS = 3
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class RequestDates:
    """What the deadline depends on. `identity_given_on` is None while a proof that was asked is awaited."""

    received_on: date
    identity_asked_on: date | None = None
    identity_given_on: date | None = None
    extended: bool = False


def deadline(dates: RequestDates, territory: Territory = Territory.METROPOLE) -> date | None:
    """Return the last day to answer; None while the proof of identity that was asked is awaited."""
    return _last_day(dates, EXTENDED_MONTHS if dates.extended else ANSWER_MONTHS, territory)


def extension_limit(dates: RequestDates, territory: Territory = Territory.METROPOLE) -> date | None:
    """Return the last day to tell the person of an extension: the end of the first month (art. 12.3)."""
    return _last_day(dates, ANSWER_MONTHS, territory)


def _last_day(dates: RequestDates, months: int, territory: Territory) -> date | None:
    asked, given = dates.identity_asked_on, dates.identity_given_on
    if asked is not None and given is None:
        return None
    end = add_months(dates.received_on, months)
    if asked is not None and given is not None:
        end += timedelta(days=(given - asked).days)
    return next_working_day(end, territory)


def add_months(day: date, months: int) -> date:
    """Return the same date some months later, or the last day of a month that has no such date."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def next_working_day(day: date, territory: Territory = Territory.METROPOLE) -> date:
    """Return the day itself, or the first one after it that is no Saturday, Sunday or public holiday."""
    while day.weekday() >= _SATURDAY or day in public_holidays(day.year, territory):
        day += timedelta(days=1)
    return day
