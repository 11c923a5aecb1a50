"""Plan a séance, open it and close it."""

from datetime import date, time

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.meetings import hooks, queries
from pdp.meetings.enums import AttendanceState, BallotStatus, MeetingStatus, PointKind
from pdp.meetings.models import AgendaItem, Attendance, Meeting
from pdp.meetings.rules.forecast import Reply
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.pace import turn_to
from pdp.meetings.service.points import carry_over, put_recurring
from pdp.meetings.service.steps import bump, check_version, instant, move_request
from pdp.meetings.service.telling import tell_members
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction


def plan_meeting(actor: Actor, *, day: date, start: time, end: time, place: str, video_link: str = "") -> str:
    """Plan a séance and return its public id. Times are those of metropolitan France.

    Raises `InvalidInput` for an end before the start and for a séance in the past.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        meeting = new_meeting(actor, day, start, end, place, video_link)
        audit.record(actor, "meeting.plan", subject=meeting)
        tell_members(actor, meeting, NoticeKind.MEETING_PLANNED)
    return meeting.public_id


def new_meeting(actor: Actor, day: date, start: time, end: time, place: str, video_link: str) -> Meeting:
    """Store a séance with the points that every one begins with, in the transaction under way."""
    meeting = Meeting(
        cellule_id=actor.cellule_id,
        place=place,
        video_link=video_link,
        status=MeetingStatus.PLANNED,
        created_by_id=actor.user_id,
    )
    _set_times(meeting, day, start, end)
    db.session().add(meeting)
    db.session().flush()
    put_recurring(meeting)
    return meeting


def reschedule(
    actor: Actor,
    meeting: str,
    *,
    version: int,
    day: date,
    start: time,
    end: time,
    place: str,
    video_link: str = "",
) -> None:
    """Change when and where a séance that is not open yet is held."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.RESCHEDULE)
        check_version(found, version, "cette séance")
        before = (found.starts_at, found.ends_at, found.place)
        _set_times(found, day, start, end)
        found.place, found.video_link = place, video_link
        bump(found)
        audit.record(actor, "meeting.reschedule", subject=found)
        if before != (found.starts_at, found.ends_at, found.place):
            found.reschedulings += 1
            told = hooks.tell(actor, found, hooks.Change.MOVED)
            tell_members(actor, found, NoticeKind.MEETING_CHANGED, but=told)


def open_meeting(actor: Actor, meeting: str, *, version: int) -> None:
    """Open a séance: every seat of the cellule on this day gets its presence row, with what was announced.

    Nobody is present by an announcement: a seat whose person said that they come awaits this person.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor) as session:
        found = queries.lock_meeting(actor, meeting)
        found.status = next_status(found.status, MeetingAction.OPEN)
        check_version(found, version, "cette séance")
        found.opened_at = clock.now()
        announced = hooks.list_announced(found.cellule_id, found.id)
        for seat in accounts.list_seats(found.cellule_id, clock.today()):
            said = announced.get(seat.id, hooks.NOTHING_SAID)
            session.add(
                Attendance(
                    cellule_id=found.cellule_id,
                    meeting_id=found.id,
                    seat_id=seat.id,
                    state=AttendanceState.EXCUSED if said.reply is Reply.AWAY else AttendanceState.AWAITED,
                    membership_id=said.membership_id if said.reply is Reply.COMES else None,
                    mode=said.mode if said.reply is Reply.COMES else None,
                )
            )
        bump(found)
        audit.record(actor, "meeting.open", subject=found)


def close_meeting(actor: Actor, meeting: str, *, version: int) -> int:
    """Close a séance for good and return how many requests go back to wait for another one.

    Raises `RuleViolation` while a ballot is open, or closed without its opinion.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        found.status = next_status(found.status, MeetingAction.CLOSE)
        check_version(found, version, "cette séance")
        untreated = [item for item in queries.list_items(found) if item.opinion is None]
        for item in untreated:
            _ensure_not_voted(item)
            move_request(queries.lock_request(actor, item.request.public_id), RequestAction.UNSCHEDULE)
            audit.record(actor, "meeting.send_back", case_id=item.request.case_id, subject=item)
        turn_to(found, None)
        found.closed_at = clock.now()
        bump(found)
        for point in queries.list_points(found):
            if point.kind is PointKind.APPROVAL:
                hooks.tell_resolution(actor, found, point.resolution)
        hooks.tell(actor, found, hooks.Change.CLOSED)
        carried = carry_over(found)
        audit.record(actor, "meeting.close", subject=found, sent_back=len(untreated), carried_points=carried)
    return len(untreated)


def _ensure_not_voted(item: AgendaItem) -> None:
    if item.ballot is None:
        return
    if item.ballot.status is BallotStatus.OPEN:
        raise RuleViolation(f"Le scrutin du point {item.position} est encore ouvert. Fermez-le avant la séance.")
    raise RuleViolation(f"L’avis du point {item.position} n’est pas enregistré. Enregistrez-le avant de clore.")


def _set_times(meeting: Meeting, day: date, start: time, end: time) -> None:
    errors: dict[str, list[str]] = {}
    if end <= start:
        errors["end"] = ["La fin doit venir après le début."]
    if day < clock.today():
        errors["day"] = ["Cette date est passée : choisissez une date à venir."]
    if errors:
        raise InvalidInput(errors)
    meeting.starts_at, meeting.ends_at = instant(day, start, "start"), instant(day, end, "end")
