"""The days of a series of séances. Pure: once planned, each séance lives alone."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.core.enums import Labelled

# More séances than this in one act are a mistake of the form.
MOST = 60
_WEEK = timedelta(days=7)


class Rhythm(Labelled):
    """How often a séance comes back."""

    WEEKS = "semaines", "Toutes les n semaines, le même jour"
    MONTHS = "mois", "Tous les n mois, un jour donné du mois"


class Nth(Labelled):
    """Which of the days of a month that fall on a day of the week."""

    FIRST = "1", "premier"
    SECOND = "2", "deuxième"
    THIRD = "3", "troisième"
    FOURTH = "4", "quatrième"
    LAST = "-1", "dernier"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A day of a series; `clash` says in French what speaks against it, empty when nothing does."""

    day: date
    clash: str = ""


def weekly(first: date, every: int, until: date) -> tuple[date, ...]:
    """Return every `every` weeks from `first`, that day included, to `until` at the latest."""
    days: list[date] = []
    day = first
    while day <= until and len(days) < MOST:
        days.append(day)
        day += every * _WEEK
    return tuple(days)


def monthly(first: date, nth: Nth, weekday: int, every: int, until: date) -> tuple[date, ...]:
    """Return the nth `weekday` (0 is Monday) of every `every`-th month, from `first` to `until` at the latest.

    The month of `first` counts as the first one, even when its day is already over.
    """
    days: list[date] = []
    year, month = first.year, first.month
    while (year, month) <= (until.year, until.month) and len(days) < MOST:
        day = nth_weekday(year, month, nth, weekday)
        if first <= day <= until:
            days.append(day)
        month += every
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return tuple(days)


def nth_weekday(year: int, month: int, nth: Nth, weekday: int) -> date:
    """Return the nth day of a month that falls on a day of the week; the fifth is never asked for."""
    if nth is Nth.LAST:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (int(nth.value) - 1))


def occurrences(
    days: Collection[date], holidays: Mapping[date, str], taken: Collection[date]
) -> tuple[Occurrence, ...]:
    """Return the days with what speaks against each: a public holiday, a weekend, a séance already planned."""
    return tuple(Occurrence(day, _clash(day, holidays, taken)) for day in days)


def _clash(day: date, holidays: Mapping[date, str], taken: Collection[date]) -> str:
    if day in holidays:
        return f"jour férié : {holidays[day]}"
    if day.weekday() > 4:
        return "fin de semaine"
    return "une séance est déjà prévue ce jour-là" if day in taken else ""
