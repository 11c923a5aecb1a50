"""The clock of a séance: the item under discussion, and the breaks."""

from datetime import timedelta

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import queries
from pdp.meetings.models import AgendaItem, Meeting
from pdp.meetings.queries.rows.pace import PaceView
from pdp.meetings.rules.pace import spent
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.steps import bump
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


def read_pace(actor: Actor, meeting: str) -> PaceView | None:
    """Return how a séance keeps its hours, for the core; None unless it is open. Nothing is journaled."""
    ensure(actor, Permission.MEETING_READ)
    if not actor.is_core:
        raise NotFound
    with db.reading(actor):
        return queries.load_pace(actor, meeting)


def pause(actor: Actor, meeting: str, *, minutes: int | None = None) -> None:
    """Suspend an open séance, for so many minutes if that is said: clocks stop, the room's screen says so."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.SELECT_ITEM)
        if found.paused_at is not None:
            raise RuleViolation("La séance est déjà suspendue.")
        found.paused_at = clock.now()
        found.resumes_at = found.paused_at + timedelta(minutes=minutes) if minutes else None
        stop_clock(_current(found))
        bump(found)
        audit.record(actor, "meeting.pause", subject=found, minutes=minutes)


def resume(actor: Actor, meeting: str) -> None:
    """Take up a suspended séance: the clock of the item under discussion runs again."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.SELECT_ITEM)
        if found.paused_at is None:
            raise RuleViolation("La séance n’est pas suspendue.")
        end_break(found)
        start_clock(_current(found))
        bump(found)
        audit.record(actor, "meeting.resume", subject=found)


def turn_to(meeting: Meeting, item: AgendaItem | None) -> None:
    """Put an item under discussion, or none: the clock of the one before stops. A break ends."""
    if item is None or meeting.current_item_id != item.id:
        stop_clock(_current(meeting))
    meeting.current_item_id = item.id if item else None
    end_break(meeting)
    start_clock(item)


def end_break(meeting: Meeting) -> None:
    """Forget the break of a séance."""
    meeting.paused_at = meeting.resumes_at = None


def stop_clock(item: AgendaItem | None) -> None:
    """Count the time that an item was under discussion until now."""
    if item is not None and item.resumed_at is not None:
        item.spent_seconds = int(spent(item.spent_seconds, item.resumed_at, clock.now()).total_seconds())
        item.resumed_at = None


def start_clock(item: AgendaItem | None) -> None:
    """Let the clock of an item run, the first time or again."""
    if item is not None:
        item.started_at = item.started_at or clock.now()
        item.resumed_at = item.resumed_at or clock.now()


def _current(meeting: Meeting) -> AgendaItem | None:
    key = meeting.current_item_id
    return db.session().get(AgendaItem, key) if key is not None else None
