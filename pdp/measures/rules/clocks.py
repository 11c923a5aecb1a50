"""How much of a limit the periods of a measure use, and the day on which it is reached."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.core.calendar import Territory, is_working_day
from pdp.dispositifs.enums import Dispositif, PersonStatus, StatusGroup
from pdp.dispositifs.rules.periods import last_day_of_months, months_begun
from pdp.measures.enums import Span, Unit
from pdp.requests.rules.trial import Segment

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit in time with its legal source. `group` and `ald` None: whatever the person's status or health."""

    code: str
    dispositif: Dispositif
    label: str
    unit: Unit
    limit: int
    span: Span
    alerts: tuple[int, ...]
    source: str
    valid_from: date
    valid_to: date | None = None
    group: StatusGroup | None = None
    ald: bool | None = None
    excepted: frozenset[PersonStatus] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock read on the periods planned. `last_day` None: nothing is planned, or no date is fixed.

    `last_day` is the last day allowed: the one on which the limit is reached, or on which it would be if the
    measure went on without a break after what is planned.
    """

    clock: Clock
    used: int
    last_day: date | None
    exceeded: bool

    @property
    def left(self) -> int:
        """What is left of the limit, in the unit of the clock; 0 when it is reached."""
        return max(self.clock.limit - self.used, 0)


def applying(
    clocks: Iterable[Clock], dispositif: Dispositif, statuses: Sequence[PersonStatus], *, ald: bool | None, day: date
) -> tuple[Clock, ...]:
    """Return the clocks of a dispositif for a person on a day.

    An affection de longue durée that is not recorded counts as none: the shorter limit is the safe one. Without
    a known status, the clocks of a status group are left out.
    """
    groups = {status.group for status in statuses}
    return tuple(
        clock
        for clock in clocks
        if clock.dispositif is dispositif
        and clock.valid_from <= day <= (clock.valid_to or day)
        and (clock.group is None or clock.group in groups)
        and (clock.ald is None or clock.ald is bool(ald))
        and not clock.excepted & set(statuses)
    )


def read_clock(
    clock: Clock,
    segments: Sequence[Segment],
    territory: Territory = Territory.METROPOLE,
    fixed_on: date | None = None,
) -> Reading:
    """Read a clock on segments that do not overlap; those of the renewal do not count in the first period."""
    counted = sorted(
        (each for each in segments if clock.span is not Span.INITIAL or not each.renewal), key=lambda each: each.start
    )
    end = counted[-1].end if counted else None
    if clock.unit is Unit.FIXED:
        return Reading(clock, 0, fixed_on, bool(fixed_on and end and end > fixed_on))
    if end is None:
        return Reading(clock, 0, None, exceeded=False)
    if clock.unit is Unit.MONTHS:
        start = counted[0].start
        used = months_begun(start, end)
        return Reading(clock, used, last_day_of_months(start, clock.limit), used > clock.limit)
    counts = _counting(clock.unit, territory)
    days = [day for each in counted for day in each_day(each) if counts(day)]
    last = days[clock.limit - 1] if len(days) >= clock.limit else _go_on(end, clock.limit - len(days), counts)
    return Reading(clock, len(days), last, len(days) > clock.limit)


def each_day(segment: Segment) -> Iterable[date]:
    """Yield the days of a segment, both ends included."""
    return (segment.start + timedelta(days=offset) for offset in range((segment.end - segment.start).days + 1))


def _counting(unit: Unit, territory: Territory) -> Callable[[date], bool]:
    if unit is Unit.WORKING_DAYS:
        return lambda day: is_working_day(day, territory)
    return lambda _: True


def _go_on(after: date, count: int, counts: Callable[[date], bool]) -> date:
    """Return the `count`-th day that counts after a day."""
    day = after
    while count:
        day += _DAY
        count -= counts(day)
    return day
