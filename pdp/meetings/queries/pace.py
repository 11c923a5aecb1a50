"""The pace of a séance: what was planned, what was spent."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings.enums import MeetingStatus, PointPlace
from pdp.meetings.models import AgendaItem, AgendaPoint, Meeting
from pdp.meetings.queries.points import list_points
from pdp.meetings.queries.rows.pace import PaceView
from pdp.meetings.rules.pace import Turn, pace, sentence, spent
from pdp.policy.actor import Actor

_LATE = timedelta(minutes=1)


def load_pace(actor: Actor, public_id: str) -> PaceView | None:
    """Return the pace of a séance of the actor's cellule in three statements; None unless it is open."""
    meeting = db.session().scalar(
        select(Meeting).where(Meeting.cellule_id == actor.cellule_id, Meeting.public_id == public_id)
    )
    if meeting is None:
        raise NotFound
    items = db.session().scalars(
        select(AgendaItem)
        .options(joinedload(AgendaItem.opinion))
        .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
    )
    return pace_of(meeting, items.all(), list_points(meeting), clock.now())


def pace_of(
    meeting: Meeting, items: Sequence[AgendaItem], points: Iterable[AgendaPoint], now: datetime
) -> PaceView | None:
    """Compare an open séance with its plan. A point is over once resolved; an opening one, once a case began."""
    if meeting.status is not MeetingStatus.OPEN:
        return None
    begun = any(item.started_at is not None for item in items)
    turns = [
        Turn(item.planned_minutes, _spent(item, now), item.opinion is not None, item.added_in_session)
        for item in items
    ] + [
        Turn(point.planned_minutes, done=bool(point.resolution) or (begun and point.place is PointPlace.OPENING))
        for point in points
    ]
    found = pace(meeting.starts_at, turns, now, meeting.resumes_at)
    said = sentence(found.delay, clock.local(found.ends_at))
    return PaceView(said, found.delay >= _LATE, meeting.paused_at, meeting.resumes_at)


def _spent(item: AgendaItem, now: datetime) -> timedelta:
    return spent(item.spent_seconds, item.resumed_at, now)
