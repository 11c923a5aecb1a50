"""The history of presence as its sheet shows it: line after line for each seat, and point by point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pdp.accounts.enums import CORE_KINDS
from pdp.cases.queries.facts import recused_of
from pdp.core import db
from pdp.meetings import queries
from pdp.meetings.enums import AttendanceState, PresenceKind
from pdp.meetings.models import AgendaItem, Attendance, Meeting
from pdp.meetings.rules.presence import Event, Share, kept, share
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened to a seat; `corrected` when a later line says that it was a mistake."""

    kind: PresenceKind
    at: datetime
    point: int | None
    person: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class PointPresence:
    """Who of the services was there for a point: how many seats throughout, and the labels of the others."""

    item: str
    position: int
    whole: int
    part: tuple[str, ...]
    away: tuple[str, ...]
    aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """The lines of each seat, by its public id, and the presence at each point begun."""

    history: Mapping[str, tuple[HistoryLine, ...]]
    points: tuple[PointPresence, ...]


def read_sitting(actor: Actor, meeting: str) -> Sitting:
    """Return the history of presence of a séance; nothing of a case, nothing journaled. Raises `NotFound`."""
    ensure(actor, Permission.MEETING_RUN)
    with db.reading(actor):
        found = queries.get_frame(actor, meeting).meeting
        rows = queries.list_attendances(found.cellule_id, found.id)
        items = queries.list_items(found)
        events = queries.list_events(found.cellule_id, found.id)
        before = found.opened_at or found.starts_at
        sat = {row.seat_id: events.get(row.seat_id) or _without_history(row, before) for row in rows}
        people = {event.person for lines in events.values() for event in lines if event.person is not None}
        names = queries.names_of(people)
        positions = {item.id: item.position for item in items}
        return Sitting(
            {row.seat.public_id: _lines(events.get(row.seat_id, ()), names, positions) for row in rows},
            tuple(_point(found, item, items, rows, sat) for item in items if item.started_at is not None),
        )


def _without_history(row: Attendance, opened_at: datetime) -> list[Event]:
    """Read the row of a seat recorded before there was a history."""
    if row.state is not AttendanceState.PRESENT or row.membership_id is None:
        return []
    came = Event(1, row.seat_id, PresenceKind.ARRIVED, row.arrived_at or opened_at, row.membership_id)
    return [came] if row.left_at is None else [came, Event(2, row.seat_id, PresenceKind.LEFT, row.left_at)]


def _lines(events: Sequence[Event], names: Mapping[int, str], positions: Mapping[int, int]) -> tuple[HistoryLine, ...]:
    happened = {event.event for event in kept(events)}
    return tuple(
        HistoryLine(
            event.kind,
            event.at,
            positions.get(event.item or 0),
            names.get(event.person or 0, ""),
            corrected=event.event not in happened,
        )
        for event in events
        if event.kind is not PresenceKind.CORRECTED
    )


def _point(
    meeting: Meeting,
    item: AgendaItem,
    items: Sequence[AgendaItem],
    rows: Sequence[Attendance],
    events: Mapping[int, Sequence[Event]],
) -> PointPresence:
    start = item.started_at
    assert start is not None
    later = [other.started_at for other in items if other.started_at is not None and other.started_at > start]
    end = min(later, default=meeting.closed_at)
    recused = recused_of(item.request.case.recused)
    shares: dict[str, list[str]] = {"aside": [], Share.WHOLE: [], Share.PART: [], Share.NONE: []}
    for row in rows:
        if row.seat.organisation.kind not in CORE_KINDS:
            continue
        aside = row.membership is not None and row.membership.user_id in recused
        shares["aside" if aside else share(events[row.seat_id], start, end)].append(row.seat.label)
    return PointPresence(
        item.public_id,
        item.position,
        len(shares[Share.WHOLE]),
        tuple(shares[Share.PART]),
        tuple(shares[Share.NONE]),
        tuple(shares["aside"]),
    )
