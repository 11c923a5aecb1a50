"""Who sat when, from the history of a séance: arrivals, departures, returns, and the item under discussion then.

An event that a later one corrects never happened. A person may leave and come back as often as it takes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pdp.core.french import listing
from pdp.meetings.enums import AttendanceMode, AttendanceState, PresenceKind

_SITS = frozenset({PresenceKind.ARRIVED, PresenceKind.RETURNED, PresenceKind.SUBSTITUTED, PresenceKind.MODE})
_STATES = {
    PresenceKind.EXCUSED: AttendanceState.EXCUSED,
    PresenceKind.ABSENT: AttendanceState.ABSENT,
    PresenceKind.PROXY_ENDED: AttendanceState.ABSENT,
    PresenceKind.REPRESENTED: AttendanceState.REPRESENTED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a seat. `person` sits from then on; `item` is the key of the one under discussion."""

    event: int
    seat: int
    kind: PresenceKind
    at: datetime
    person: int | None = None
    mode: AttendanceMode | None = None
    proxy_seat: int | None = None
    item: int | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A person in a seat without a break. `until` is None while the person is there; items as in the events."""

    person: int
    since: datetime
    until: datetime | None
    since_item: int | None
    until_item: int | None
    # The person took the seat over from another, who had been there just before.
    takes_over: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a seat stands after its last event."""

    state: AttendanceState
    person: int | None = None
    mode: AttendanceMode | None = None
    proxy_seat: int | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None


class Share(StrEnum):
    """How much of an item somebody of a seat sat through."""

    WHOLE = "WHOLE"
    PART = "PART"
    NONE = "NONE"


def kept(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return what did happen, in order: neither the corrections nor what they correct."""
    found = sorted(events, key=lambda event: event.event)
    void = {event.corrects for event in found if event.corrects is not None}
    return tuple(event for event in found if event.kind is not PresenceKind.CORRECTED and event.event not in void)


def stays(events: Iterable[Event]) -> tuple[Stay, ...]:
    """Return the stays in one seat, oldest first."""
    found: list[Stay] = []
    for event in kept(events):
        open_stay = found[-1] if found and found[-1].until is None else None
        if event.kind in _SITS and event.person is not None:
            if open_stay is not None and open_stay.person == event.person:
                continue
            if open_stay is not None:
                found[-1] = _ended(open_stay, event)
            found.append(Stay(event.person, event.at, None, event.item, None, takes_over=open_stay is not None))
        elif open_stay is not None:
            found[-1] = _ended(open_stay, event)
    return tuple(found)


def standing(events: Iterable[Event]) -> Standing:
    """Return where a seat stands after its events; awaited when nothing happened."""
    happened = kept(events)
    if not happened:
        return Standing(AttendanceState.AWAITED)
    last = happened[-1]
    if last.kind in _STATES:
        proxy = last.proxy_seat if last.kind is PresenceKind.REPRESENTED else None
        return Standing(_STATES[last.kind], proxy_seat=proxy)
    stay = stays(happened)[-1]
    mode = next((event.mode for event in reversed(happened) if event.kind in _SITS), None)
    arrived = stay.since if stay.since_item is not None else None
    return Standing(AttendanceState.PRESENT, stay.person, mode, None, arrived, stay.until)


def share(events: Iterable[Event], start: datetime, end: datetime | None) -> Share:
    """Tell whether a seat was held during an item, from its start to its end; `end` None: it still goes on.

    Who leaves at the very start of an item was not there; who changes place with a suppléant leaves no gap.
    """
    reached = start
    sat = False
    for stay in stays(events):
        begins = max(stay.since, start)
        ends = _earlier(stay.until, end)
        if ends is not None and ends <= begins and not (begins == start == end):
            continue
        if end is not None and stay.since >= end:
            continue
        sat = True
        if begins > reached:
            return Share.PART
        if ends is None or (end is not None and ends >= end):
            return Share.WHOLE
        reached = ends
    return Share.PART if sat else Share.NONE


def next_kind(before: Sequence[Event], person: int) -> PresenceKind:
    """Return what it is called when a person sits in a seat: arrival, return, suppléance or another way to attend."""
    past = stays(before)
    if past and past[-1].until is None:
        return PresenceKind.MODE if past[-1].person == person else PresenceKind.SUBSTITUTED
    return PresenceKind.RETURNED if any(stay.person == person for stay in past) else PresenceKind.ARRIVED


def why_no_proxy(carried: Sequence[str], most: int) -> str:
    """Return why a person who already represents these seats may carry no other proxy; empty when they may."""
    if len(carried) < most:
        return ""
    if most == 0:
        return "Les règles de la cellule n’admettent pas de pouvoir : enregistrez ce siège comme excusé ou absent."
    if most == 1:
        return f"Ce siège porte déjà le pouvoir de « {carried[0]} » : une personne n’en porte qu’un."
    held = listing([f"« {label} »" for label in carried])
    return f"Ce siège porte déjà les pouvoirs de {held} : une personne en porte {most} au plus."


def _ended(stay: Stay, event: Event) -> Stay:
    return Stay(stay.person, stay.since, event.at, stay.since_item, event.item, stay.takes_over)


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    known = [instant for instant in (first, second) if instant is not None]
    return min(known) if known else None
