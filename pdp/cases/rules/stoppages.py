"""Periods of arrêt: which follow each other, and whether one is under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A prescribed period of arrêt, with the day it really ended when that is known."""

    starts_on: date
    prescribed_end: date
    ended_on: date | None = None

    @property
    def last_day(self) -> date:
        """Return the day the period really ends: the known end, or else the prescribed one."""
        return self.ended_on or self.prescribed_end


@dataclass(frozen=True, slots=True)
class Run:
    """Periods without a day between them: an arrêt and its prolongations."""

    starts_on: date
    last_day: date

    def covers(self, day: date) -> bool:
        """Tell whether the day is one of the arrêt."""
        return self.starts_on <= day <= self.last_day


def runs(periods: Sequence[Period]) -> tuple[Run, ...]:
    """Join periods that touch or overlap, in order of date."""
    joined: list[Run] = []
    for period in sorted(periods, key=lambda period: period.starts_on):
        if joined and period.starts_on <= joined[-1].last_day + ONE_DAY:
            joined[-1] = Run(joined[-1].starts_on, max(joined[-1].last_day, period.last_day))
        else:
            joined.append(Run(period.starts_on, period.last_day))
    return tuple(joined)


def current_run(periods: Sequence[Period], today: date) -> Run | None:
    """Return the arrêt under way on a day, from its first day to the end now known."""
    return next((run for run in runs(periods) if run.covers(today)), None)
