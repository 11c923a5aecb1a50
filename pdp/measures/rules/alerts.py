"""What the referent of a measure is to be told, and from which day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.measures.enums import Fit, Unit
from pdp.measures.rules.clocks import Reading
from pdp.measures.rules.fit import Fitting

# Before the last planned day and before the end of the arrêt: time to meet, and to ask for what follows.
PLANNED_END_ALERTS = (7, 2)
STOPPAGE_ALERTS = (10, 3)

PLANNED_END = "planned_end"
STOPPAGE_END = "stoppage_end"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that a measure must not pass unseen; `code` is a clock's, or one of those above."""

    code: str
    day: date
    alerts: tuple[int, ...]

    @property
    def alert_from(self) -> date:
        """The first day on which it is told."""
        return self.day - timedelta(days=max(self.alerts))

    def calls(self, today: date) -> tuple[date, ...]:
        """Return the days up to today on which it was to be told: each threshold, then once the day has passed."""
        days = [self.day - timedelta(days=before) for before in self.alerts]
        return tuple(day for day in (*days, self.day + timedelta(days=1)) if day <= today)


def deadlines(readings: Sequence[Reading], fitting: Fitting | None, end: date | None) -> tuple[Deadline, ...]:
    """Return the deadlines of a measure that is not over, nearest first. `end`: its last planned day.

    A limit counted in days is one only where what is planned reaches it; a limit in months, or a date fixed by
    the caisse, stands whatever is planned.
    """
    found = [*_limits(readings)]
    if end is not None:
        found.append(Deadline(PLANNED_END, end, PLANNED_END_ALERTS))
    if fitting and fitting.fit is Fit.EXTENSION and fitting.prescribed_end:
        found.append(Deadline(STOPPAGE_END, fitting.prescribed_end, STOPPAGE_ALERTS))
    return tuple(sorted(found, key=lambda each: (each.day, each.code)))


def near(found: Iterable[Deadline], today: date) -> tuple[Deadline, ...]:
    """Return the deadlines that are to be told of by now, past ones included."""
    return tuple(each for each in found if each.alert_from <= today)


def last_call(found: Iterable[Deadline], today: date) -> date | None:
    """Return the newest day on which one of the deadlines was to be told; None while none was."""
    return max((day for each in found for day in each.calls(today)), default=None)


def _limits(readings: Sequence[Reading]) -> Iterator[Deadline]:
    for reading in readings:
        clock = reading.clock
        stands = clock.unit in (Unit.MONTHS, Unit.FIXED) or not reading.left
        if reading.last_day and stands:
            yield Deadline(clock.code, reading.last_day, clock.alerts)
