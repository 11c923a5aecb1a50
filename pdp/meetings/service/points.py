"""The points of a séance that are about no case: put on its agenda, changed, settled."""

from pdp.audit import service as audit
from pdp.core import db
from pdp.core.errors import InvalidInput
from pdp.meetings import queries
from pdp.meetings.enums import PointKind, PointPlace
from pdp.meetings.models import AgendaPoint, Meeting
from pdp.meetings.queries.rows import PointRow
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.steps import bump, check_version
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

MINUTES = {PointKind.APPROVAL: 5, PointKind.ACTIONS: 10, PointKind.INFORMATION: 10, PointKind.CONSULTATIONS: 5}
# What every séance begins with.
RECURRING = (PointKind.APPROVAL, PointKind.ACTIONS)
_WHAT = "ce point"


def add_point(
    actor: Actor,
    meeting: str,
    *,
    kind: PointKind,
    title: str = "",
    place: PointPlace = PointPlace.OPENING,
    planned_minutes: int | None = None,
) -> str:
    """Put a point about no case on an agenda, the last of its place; return its public id.

    An information needs its own title; the others have their usual one.
    """
    ensure(actor, Permission.MEETING_RUN)
    if kind is PointKind.INFORMATION and not title.strip():
        raise InvalidInput({"title": ["Écrivez l’intitulé du point."]})
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.EDIT_AGENDA)
        point = put_point(found, kind, place, title=title.strip(), planned_minutes=planned_minutes)
        bump(found)
        audit.record(actor, "point.add", subject=point, kind=kind, meeting=found.id)
    return point.public_id


def edit_point(actor: Actor, point: str, *, version: int, title: str, place: PointPlace, planned_minutes: int) -> None:
    """Change what a point is called, how long it should take, or whether it comes before the requests."""
    ensure(actor, Permission.MEETING_RUN)
    if not title.strip():
        raise InvalidInput({"title": ["Écrivez l’intitulé du point."]})
    with db.transaction(actor):
        held = queries.lock_point(actor, point)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        check_version(held.point, version, _WHAT)
        if held.point.place is not place:
            held.point.rank = _next_rank(held.meeting, place)
        held.point.title, held.point.place, held.point.planned_minutes = title.strip(), place, planned_minutes
        bump(held.point)
        bump(held.meeting)
        audit.record(actor, "point.edit", subject=held.point)


def remove_point(actor: Actor, point: str, *, version: int) -> None:
    """Take a point off the agenda."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor) as session:
        held = queries.lock_point(actor, point)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        check_version(held.point, version, _WHAT)
        audit.record(actor, "point.remove", subject=held.point, kind=held.point.kind)
        session.delete(held.point)
        bump(held.meeting)


def save_resolution(actor: Actor, point: str, *, version: int, resolution: str, discussion: str | None = None) -> None:
    """Keep what the séance settled on a point, and its notes when they are given.

    The resolution is printed in every version of the minutes, the notes in the complete one.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_point(actor, point)
        next_status(held.meeting.status, MeetingAction.DISCUSS)
        check_version(held.point, version, _WHAT)
        held.point.resolution = resolution.strip()
        if discussion is not None:
            held.point.discussion = discussion.strip()
        bump(held.point)
        audit.record(actor, "point.resolution", subject=held.point)


def put_point(
    meeting: Meeting,
    kind: PointKind,
    place: PointPlace = PointPlace.OPENING,
    *,
    title: str = "",
    planned_minutes: int | None = None,
    resolution: str = "",
    carried_from_id: int | None = None,
) -> AgendaPoint:
    """Add a point to a stored séance; the caller has opened the transaction and journals."""
    point = AgendaPoint(
        cellule_id=meeting.cellule_id,
        meeting_id=meeting.id,
        kind=kind,
        place=place,
        rank=_next_rank(meeting, place),
        title=title or kind.label,
        planned_minutes=MINUTES[kind] if planned_minutes is None else planned_minutes,
        resolution=resolution,
        carried_from_id=carried_from_id,
    )
    db.session().add(point)
    db.session().flush()
    return point


def put_recurring(meeting: Meeting) -> None:
    """Give a new séance what every séance begins with."""
    for kind in RECURRING:
        put_point(meeting, kind)


def carry_over(meeting: Meeting) -> int:
    """Put the informations that a séance left without a resolution on the next one planned; return how many."""
    following = queries.find_next_planned(meeting)
    if following is None:
        return 0
    left = [
        point for point in queries.list_points(meeting) if point.kind is PointKind.INFORMATION and not point.resolution
    ]
    for point in left:
        put_point(
            following,
            point.kind,
            point.place,
            title=point.title,
            planned_minutes=point.planned_minutes,
            carried_from_id=point.id,
        )
        bump(following)
    return len(left)


def _next_rank(meeting: Meeting, place: PointPlace) -> int:
    taken = [point.rank for point in queries.list_points(meeting) if point.place is place]
    return max(taken, default=0) + 1


def read_point(actor: Actor, point: str) -> PointRow:
    """Return a point about no case, with its notes for the core."""
    ensure(actor, Permission.MEETING_RUN)
    with db.reading(actor):
        return queries.point_rows(actor, [queries.get_point(actor, point)])[0]
