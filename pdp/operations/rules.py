"""When a job runs and when it is late: pure.

A slot is an instant in UTC. Hours are those of metropolitan France: an hour that the autumn night repeats
makes one slot, at its first passage; one that the spring night skips makes one slot, an hour later by the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pdp.core.calendar import is_working_day
from pdp.operations.enums import Days, Standing

_PARIS = ZoneInfo("Europe/Paris")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_SATURDAY = 5
# Two slots of one job are never further apart: a month, and some days.
_FURTHEST = timedelta(days=40)
# A slot not run this long after its instant is late.
GRACE = timedelta(minutes=5)
# A slot that failed is tried again after a pause, unless the next one comes sooner.
RETRY_PAUSE = timedelta(minutes=5)
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Every:
    """A job that runs every so often, counted in UTC: no change of time touches it."""

    pause: timedelta


@dataclass(frozen=True, slots=True)
class At:
    """A job that runs at local hours of some days."""

    times: tuple[time, ...]
    days: Days = Days.ALL


Cadence = Every | At


def every(minutes: int) -> Every:
    """Return « every so many minutes »."""
    return Every(timedelta(minutes=minutes))


def at(*hours: str, days: Days = Days.ALL) -> At:
    """Return « at these local hours »: `at("08:00", "13:30", days=Days.WORKING)`."""
    return At(tuple(time.fromisoformat(hour) for hour in hours), days)


def slots_between(cadence: Cadence, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the slots later than `after`, up to `until` included, in order and each once."""
    if isinstance(cadence, Every):
        number = (after - _EPOCH) // cadence.pause + 1
        while (slot := _EPOCH + number * cadence.pause) <= until:
            yield slot
            number += 1
        return
    day, last = after.astimezone(_PARIS).date() - _DAY, until.astimezone(_PARIS).date()
    previous = after
    while day <= last:
        for slot in _slots_of_day(cadence, day) if _runs_on(cadence.days, day) else ():
            if previous < slot <= until:
                previous = slot
                yield slot
        day += _DAY


def last_slot(cadence: Cadence, now: datetime) -> datetime:
    """Return the last slot that is due."""
    if isinstance(cadence, Every):
        return _EPOCH + (now - _EPOCH) // cadence.pause * cadence.pause
    return list(slots_between(cadence, now - _FURTHEST, now))[-1]


def next_slot(cadence: Cadence, now: datetime) -> datetime:
    """Return the first slot to come."""
    longest = cadence.pause if isinstance(cadence, Every) else _FURTHEST
    return next(slots_between(cadence, now, now + longest))


def owed(cadence: Cadence, known: datetime, now: datetime, *, each: bool) -> datetime | None:
    """Return the slot to run now, given the last one known: the oldest one missed when `each`, else the newest."""
    if each:
        return next(slots_between(cadence, known, now), None)
    newest = last_slot(cadence, now)
    return newest if newest > known else None


def may_retry(cadence: Cadence, attempts: int, now: datetime) -> bool:
    """Tell whether a slot that failed is tried again: not when the next one comes as soon."""
    return attempts < MOST_ATTEMPTS and next_slot(cadence, now) > now + RETRY_PAUSE


@dataclass(frozen=True, slots=True)
class Known:
    """What the table says of a job: its last slot, what became of it, the last one that went well."""

    slot_at: datetime
    running: bool
    failed: bool
    done_up_to: datetime | None


def standing(cadence: Cadence, known: Known | None, now: datetime) -> Standing:
    """Say how a job stands. A slot due for less than `GRACE` is not late yet; one that runs is late past it."""
    if known is None:
        return Standing.UNKNOWN
    if known.done_up_to is None or known.done_up_to < last_slot(cadence, now - GRACE):
        return Standing.FAILED if known.failed else Standing.LATE
    return Standing.RUNNING if known.running else Standing.WAITING


def _slots_of_day(cadence: At, day: date) -> list[datetime]:
    # fold=0: the first of two passages in autumn, the offset of before in spring.
    return sorted(datetime.combine(day, hour, _PARIS).astimezone(UTC) for hour in cadence.times)


def _runs_on(days: Days, day: date) -> bool:
    if days is Days.WORKING:
        return day.weekday() < _SATURDAY and is_working_day(day)
    return day.day == 1 if days is Days.FIRST_OF_MONTH else True
