"""French working days (jours ouvrables): Monday to Saturday without the legal public holidays.

The holidays are those of L. 3133-1 C. trav., plus L. 3134-13 in Alsace-Moselle and, overseas, the day of
the abolition of slavery (loi 83-550, décret 83-1003, L. 3422-2). Days kept by local custom only are worked.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

from pdp.core.enums import Labelled

_SUNDAY = 6
_DAY = timedelta(days=1)


class Territory(Labelled):
    """A part of France with its own list of public holidays."""

    METROPOLE = "METROPOLE", "France métropolitaine"
    ALSACE_MOSELLE = "ALSACE_MOSELLE", "Alsace-Moselle"
    GUADELOUPE = "GUADELOUPE", "Guadeloupe"
    MARTINIQUE = "MARTINIQUE", "Martinique"
    GUYANE = "GUYANE", "Guyane"
    REUNION = "REUNION", "La Réunion"
    MAYOTTE = "MAYOTTE", "Mayotte"
    SAINT_BARTHELEMY = "SAINT_BARTHELEMY", "Saint-Barthélemy"
    SAINT_MARTIN = "SAINT_MARTIN", "Saint-Martin"

    @classmethod
    def of_department(cls, code: str) -> "Territory":
        """Return the territory of a département or overseas code (`"67"`, `"974"`)."""
        return _BY_DEPARTMENT.get(code, cls.METROPOLE)


_BY_DEPARTMENT: Mapping[str, Territory] = MappingProxyType(
    {
        "57": Territory.ALSACE_MOSELLE,
        "67": Territory.ALSACE_MOSELLE,
        "68": Territory.ALSACE_MOSELLE,
        "971": Territory.GUADELOUPE,
        "972": Territory.MARTINIQUE,
        "973": Territory.GUYANE,
        "974": Territory.REUNION,
        "976": Territory.MAYOTTE,
        "977": Territory.SAINT_BARTHELEMY,
        "978": Territory.SAINT_MARTIN,
    }
)

_ABOLITION_DAY: Mapping[Territory, tuple[int, int]] = MappingProxyType(
    {
        Territory.GUADELOUPE: (5, 27),
        Territory.MARTINIQUE: (5, 22),
        Territory.GUYANE: (6, 10),
        Territory.REUNION: (12, 20),
        Territory.MAYOTTE: (4, 27),
        Territory.SAINT_BARTHELEMY: (10, 9),
        Territory.SAINT_MARTIN: (5, 28),
    }
)


@lru_cache(maxsize=256)
def public_holidays(year: int, territory: Territory = Territory.METROPOLE) -> Mapping[date, str]:
    """Return the public holidays of a year, in order of date, with their French names.

    Good Friday counts in the whole of Alsace-Moselle, although the law keeps it to communes that have a
    Protestant temple or a mixed church: the commune is not known here, and most of the workplaces concerned
    stand in one that has.
    """
    subdivision = "6AE" if territory is Territory.ALSACE_MOSELLE else None
    found = dict(holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr"))
    if territory in _ABOLITION_DAY:
        month, day = _ABOLITION_DAY[territory]
        found[date(year, month, day)] = "Abolition de l'esclavage"
    return MappingProxyType({day: found[day].replace("'", "’") for day in sorted(found)})


def is_working_day(day: date, territory: Territory = Territory.METROPOLE) -> bool:
    """Say whether a day is a jour ouvrable."""
    return day.weekday() != _SUNDAY and day not in public_holidays(day.year, territory)


def working_days(start: date, end: date, territory: Territory = Territory.METROPOLE) -> int:
    """Count the working days from `start` to `end`, both included. Raises ValueError if `end` is before `start`."""
    if end < start:
        raise ValueError("the period ends before it starts")
    return sum(is_working_day(day, territory) for day in _days_from(start, (end - start).days + 1))


def add_working_days(start: date, count: int, territory: Territory = Territory.METROPOLE) -> date:
    """Return the `count`-th working day strictly after `start`; `start` itself when `count` is 0.

    Raises ValueError if `count` is negative.
    """
    if count < 0:
        raise ValueError("the number of working days is negative")
    day = start
    while count:
        day += _DAY
        count -= is_working_day(day, territory)
    return day


def subtract_working_days(end: date, count: int, territory: Territory = Territory.METROPOLE) -> date:
    """Return the `count`-th working day strictly before `end`; `end` itself when `count` is 0.

    Raises ValueError if `count` is negative.
    """
    if count < 0:
        raise ValueError("the number of working days is negative")
    day = end
    while count:
        day -= _DAY
        count -= is_working_day(day, territory)
    return day


def period_end(start: date, count: int, territory: Territory = Territory.METROPOLE) -> date:
    """Return the last day of a period of `count` working days that begins on `start`, `start` included.

    Raises ValueError if `count` is less than 1.
    """
    if count < 1:
        raise ValueError("a period lasts at least one working day")
    return add_working_days(start - _DAY, count, territory)


def _days_from(start: date, count: int) -> Iterator[date]:
    return (start + timedelta(days=offset) for offset in range(count))
