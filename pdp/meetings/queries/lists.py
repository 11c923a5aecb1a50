"""The séances that an actor may know, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select

from pdp.cases.models import Case
from pdp.cases.queries import reads_label
from pdp.core import clock, db
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem, CelluleOpinion, Meeting
from pdp.meetings.queries.kinds import is_seance, is_written
from pdp.meetings.queries.rows import MeetingList, MeetingRow
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest

Columns = TypeVarTuple("Columns")


def is_consultation(cellule_id: int, public_id: str) -> bool:
    """Tell whether a public id names a written consultation of a cellule."""
    found = select(Meeting.id).where(Meeting.cellule_id == cellule_id, Meeting.public_id == public_id, is_written())
    return db.session().scalar(found) is not None


def list_meetings(actor: Actor, *, past: bool, after: str | None, limit: int) -> MeetingList:
    """Return the séances to come, the next one first, or those held, the latest first.

    A partner gets those where an item concerns a case whose request it may read today, and counts these items only.
    `after` is the public id of the last row already shown.
    """
    rows = _meetings(actor, past).limit(limit + 1)
    if after is not None:
        rows = rows.where(_beyond(actor, past, after))
    found = db.session().execute(rows).all()
    shown = meeting_rows(found[:limit])
    return MeetingList(shown, shown[-1].meeting if len(found) > limit else None)


def meeting_rows(found: Sequence[Row[Meeting, int, int]]) -> tuple[MeetingRow, ...]:
    """Return séances as lists show them."""
    return tuple(
        MeetingRow(
            meeting.public_id, meeting.starts_at, meeting.ends_at, meeting.place, meeting.status, items, treated
        )
        for meeting, items, treated in found
    )


def visible_items(actor: Actor, meeting: str) -> Mapping[str, int]:
    """Return the items of a séance that concern requests that the actor may read today, with their cases."""
    rows = db.session().execute(
        _tabled(select(AgendaItem.public_id, Case.id))
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Meeting.cellule_id == actor.cellule_id,
            Meeting.public_id == meeting,
            reads_label(actor, Label.REQUEST, clock.today()),
        )
    )
    return {row[0]: row[1] for row in rows}


def select_meetings(actor: Actor) -> Select[Meeting, int, int]:
    """Select the séances that the actor may know, with how many items it may see and how many are treated."""
    seen = reads_label(actor, Label.REQUEST, clock.today())
    tabled = _tabled(select(func.count(AgendaItem.id))).where(AgendaItem.meeting_id == Meeting.id, seen)
    items = tabled.correlate(Meeting).scalar_subquery()
    treated = tabled.join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id).correlate(Meeting).scalar_subquery()
    rows = select(Meeting, items, treated).where(Meeting.cellule_id == actor.cellule_id, is_seance())
    return rows if actor.is_core else rows.where(_has_visible_item(actor))


def _meetings(actor: Actor, past: bool) -> Select[Meeting, int, int]:
    closed = Meeting.status.in_((MeetingStatus.CLOSED, MeetingStatus.CANCELLED))
    rows = select_meetings(actor).where(closed if past else ~closed)
    if past:
        return rows.order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    return rows.order_by(Meeting.starts_at, Meeting.id)


def _has_visible_item(actor: Actor) -> ColumnElement[bool]:
    seen = _tabled(select(AgendaItem.id)).where(
        AgendaItem.meeting_id == Meeting.id, reads_label(actor, Label.REQUEST, clock.today())
    )
    return exists(seen.correlate(Meeting))


def _tabled(rows: Select[*Columns]) -> Select[*Columns]:
    return (
        rows.select_from(AgendaItem)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
    )


def _beyond(actor: Actor, past: bool, after: str) -> ColumnElement[bool]:
    last = (
        db.session()
        .execute(
            select(Meeting.starts_at, Meeting.id).where(
                Meeting.cellule_id == actor.cellule_id, Meeting.public_id == after
            )
        )
        .one_or_none()
    )
    at: datetime = last[0] if last else clock.now()
    key = last[1] if last else 0
    if past:
        return or_(Meeting.starts_at < at, and_(Meeting.starts_at == at, Meeting.id < key))
    return or_(Meeting.starts_at > at, and_(Meeting.starts_at == at, Meeting.id > key))
