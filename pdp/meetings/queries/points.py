"""Reads of the points that are about no case."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, select

from pdp.core import db
from pdp.core.errors import NotFound
from pdp.meetings.enums import MeetingKind, MeetingStatus, PointKind, PointPlace
from pdp.meetings.models import AgendaPoint, Meeting
from pdp.meetings.queries.find import lock_meeting
from pdp.meetings.queries.rows.point import PointRow
from pdp.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class HeldPoint:
    """A point with its séance, both locked."""

    point: AgendaPoint
    meeting: Meeting


def list_points(meeting: Meeting) -> Sequence[AgendaPoint]:
    """Return the points about no case of a séance, in the order in which they come."""
    after = case((AgendaPoint.place == PointPlace.CLOSING, 1), else_=0)
    return (
        db.session()
        .scalars(
            select(AgendaPoint)
            .where(AgendaPoint.cellule_id == meeting.cellule_id, AgendaPoint.meeting_id == meeting.id)
            .order_by(after, AgendaPoint.rank, AgendaPoint.id)
        )
        .all()
    )


def point_rows(actor: Actor, points: Sequence[AgendaPoint]) -> tuple[PointRow, ...]:
    """Return points as their reader may read them."""
    return tuple(
        PointRow(
            point=point.public_id,
            version=point.version,
            kind=point.kind,
            place=point.place,
            rank=point.rank,
            title=point.title,
            planned_minutes=point.planned_minutes,
            resolution=point.resolution,
            discussion=point.discussion if actor.is_core else "",
            is_carried=point.carried_from_id is not None,
        )
        for point in points
    )


def find_point(meeting: Meeting, kind: PointKind) -> AgendaPoint | None:
    """Return the first point of a kind in a séance."""
    return next((point for point in list_points(meeting) if point.kind is kind), None)


def find_next_planned(meeting: Meeting) -> Meeting | None:
    """Return the next séance planned after another one, locked until the commit."""
    return (
        db.session()
        .scalars(
            select(Meeting)
            .where(
                Meeting.cellule_id == meeting.cellule_id,
                Meeting.kind == MeetingKind.SEANCE,
                Meeting.status == MeetingStatus.PLANNED,
                Meeting.starts_at > meeting.starts_at,
            )
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(1)
            .with_for_update()
        )
        .first()
    )


def get_point(actor: Actor, public_id: str) -> AgendaPoint:
    """Return a point of the actor's cellule."""
    found = db.session().scalars(
        select(AgendaPoint).where(AgendaPoint.cellule_id == actor.cellule_id, AgendaPoint.public_id == public_id)
    )
    point = found.one_or_none()
    if point is None:
        raise NotFound
    return point


def lock_point(actor: Actor, public_id: str) -> HeldPoint:
    """Return a point of the actor's cellule with its séance, both locked; the séance first."""
    mine = (AgendaPoint.cellule_id == actor.cellule_id, AgendaPoint.public_id == public_id)
    found = db.session().scalar(
        select(Meeting.public_id).join(AgendaPoint, AgendaPoint.meeting_id == Meeting.id).where(*mine)
    )
    if found is None:
        raise NotFound
    meeting = lock_meeting(actor, found)
    point = db.session().scalars(
        select(AgendaPoint).where(*mine).with_for_update().execution_options(populate_existing=True)
    )
    held = point.one_or_none()
    if held is None:
        raise NotFound
    return HeldPoint(held, meeting)
