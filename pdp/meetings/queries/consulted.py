"""The opinions given in writing that a séance takes note of: those closed since the séance before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased, joinedload

from pdp.core import db
from pdp.meetings.enums import MeetingKind, MeetingStatus
from pdp.meetings.models import AgendaItem, CelluleOpinion, Meeting
from pdp.meetings.queries.kinds import is_seance, is_written
from pdp.requests.models import DispositifRequest


@dataclass(frozen=True, slots=True)
class WrittenOpinion:
    """An opinion given in writing, its item loaded with request and case, and when its consultation closed."""

    item: AgendaItem
    opinion: CelluleOpinion
    closed_at: datetime


def list_written_opinions(meeting: Meeting) -> Sequence[WrittenOpinion]:
    """Return the opinions given in writing that a séance takes note of, oldest first; one statement."""
    rows = db.session().execute(
        select(AgendaItem, CelluleOpinion, Meeting.closed_at)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .options(joinedload(AgendaItem.request).joinedload(DispositifRequest.case))
        .where(Meeting.cellule_id == meeting.cellule_id, *_closed_before(meeting.starts_at))
        .order_by(Meeting.closed_at, Meeting.id, AgendaItem.position)
    )
    return [WrittenOpinion(item, opinion, closed_at) for item, opinion, closed_at in rows.unique() if closed_at]


def find_next_seance(cellule_id: int, after: datetime) -> Meeting | None:
    """Return the first séance not cancelled that begins after an instant, locked."""
    return (
        db.session()
        .scalars(
            select(Meeting)
            .where(Meeting.cellule_id == cellule_id, is_seance(), Meeting.starts_at > after)
            .where(Meeting.status.in_((MeetingStatus.PLANNED, MeetingStatus.OPEN)))
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(1)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one_or_none()
    )


def _closed_before(starts_at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say, over `Meeting`, that it is a consultation closed since the last séance that began before an instant."""
    other = aliased(Meeting)
    between = exists().where(
        other.cellule_id == Meeting.cellule_id,
        other.kind == MeetingKind.SEANCE,
        other.status != MeetingStatus.CANCELLED,
        and_(other.starts_at > Meeting.closed_at, other.starts_at < starts_at),
    )
    return (is_written(), Meeting.status == MeetingStatus.CLOSED, Meeting.closed_at < starts_at, ~between)
