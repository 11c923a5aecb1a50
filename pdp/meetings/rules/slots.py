"""When each point of a séance should come, and from when to when a partner is needed. Pure.

Nothing is stored: the slots follow from the beginning of the séance, the planned minutes and, once it is
open, from what really began.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line(Generic[Key]):
    """A point or an item in the order of the day. `done`: nothing more is expected of it."""

    key: Key
    minutes: int
    started_at: datetime | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """From when to when; the end is excluded."""

    start: datetime
    end: datetime


def expected_slots(begins: datetime, lines: Sequence[Line[Key]], now: datetime | None = None) -> dict[Key, Slot]:
    """Return the slot of each line, in the order given; none for a line that is done and never started.

    `begins` is the opening of the séance, planned or real; `now` is None before it opens. A line that
    started keeps its real start. Those that wait follow the one under way, never before `now`: it ends
    after its planned minutes, or now when they are over.
    """
    ready = _ready(begins, lines, now)
    slots: dict[Key, Slot] = {}
    for line in lines:
        length = timedelta(minutes=line.minutes)
        if line.started_at is not None:
            slots[line.key] = Slot(line.started_at, line.started_at + length)
        elif not line.done:
            slots[line.key] = Slot(ready, ready + length)
            ready += length
    return slots


def window(slots: Iterable[Slot]) -> Slot | None:
    """Return from the first start to the last end, None when there is nothing to come for."""
    found = list(slots)
    if not found:
        return None
    return Slot(min(slot.start for slot in found), max(slot.end for slot in found))


def windows(slots: dict[Key, Slot], items: dict[int, Collection[Key]]) -> dict[int, Slot]:
    """Return the window of each partner; `items` are the lines that each one attends."""
    found = {partner: window(slots[key] for key in keys if key in slots) for partner, keys in items.items()}
    return {partner: slot for partner, slot in found.items() if slot is not None}


def rounded(slot: Slot, minutes: int = 15) -> Slot:
    """Return a window widened to whole quarters of an hour: a plan to the minute would promise too much.

    A partner reads its window so, and cannot count from it how many cases come before its own.
    """
    step = timedelta(minutes=minutes)
    early = (slot.start - datetime.min.replace(tzinfo=slot.start.tzinfo)) % step
    late = (slot.end - datetime.min.replace(tzinfo=slot.end.tzinfo)) % step
    return Slot(slot.start - early, slot.end + ((step - late) if late else timedelta()))


def _ready(begins: datetime, lines: Sequence[Line[Key]], now: datetime | None) -> datetime:
    """Return when the first line that waits may begin."""
    if now is None:
        return begins
    started = [line for line in lines if line.started_at is not None]
    if not started:
        return max(begins, now)
    latest = max(started, key=lambda line: line.started_at or begins)
    if latest.done:
        return now
    return max(now, (latest.started_at or begins) + timedelta(minutes=latest.minutes))
