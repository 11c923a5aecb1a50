"""What the scheduler does for consultations: open at the hour, remind, close at the deadline.

Each consultation has a transaction of its own, so that one that cannot be opened stops none of the others.
A run made twice, or late, or by two processes at once, changes nothing that is already done.
"""

from datetime import date, datetime

from pdp.accounts.recipients import find_recipient, list_scopes
from pdp.audit import service as audit
from pdp.consultations import queries
from pdp.consultations.rules import PAUSE, is_due, reminders
from pdp.consultations.service.closing import close_due, put_on_next_agenda
from pdp.consultations.service.planning import open_consultation, territory_of
from pdp.consultations.service.telling import remind
from pdp.core import clock, db
from pdp.core.errors import DomainError
from pdp.core.scope import Scope
from pdp.meetings.enums import MeetingStatus
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can


def run() -> None:
    """Open, remind and close what is due, in every cellule."""
    for scope in list_scopes():
        _open_due(scope)
        with db.reading(scope):
            ended = queries.find_to_close(scope.cellule_id, clock.now())
            under_way = queries.find_to_remind(scope.cellule_id, clock.now())
        for consultation in ended:
            close_due(scope, consultation)
        for consultation in under_way:
            _remind_if_due(scope, consultation)
        with db.transaction(scope):
            put_on_next_agenda(None, scope.cellule_id)


def _open_due(scope: Scope) -> None:
    with db.reading(scope):
        waiting = queries.find_to_open(scope.cellule_id, clock.now())
    for consultation, planner in waiting:
        actor = _coordinator(planner, scope.cellule_id)
        if actor is None:
            continue
        try:
            open_consultation(actor, consultation)
        except DomainError:
            # Its page says that it is not open, and why it cannot be: somebody decides.
            continue


def _coordinator(user_id: int, cellule_id: int) -> Actor | None:
    """Return the person who planned it, as coordinator; None when they no longer are."""
    person = find_recipient(user_id, cellule_id)
    actors = person.actors if person else ()
    return next((actor for actor in actors if can(actor, Permission.MEETING_RUN)), None)


def _remind_if_due(scope: Scope, consultation: str) -> None:
    """Send the reminder whose day has come. One mail stands for two that are due together, or too close."""
    with db.transaction(scope):
        held = queries.hold(scope, consultation)
        meeting, found = held.meeting, held.consultation
        now = clock.now()
        opened, ends = clock.local(meeting.opened_at or meeting.starts_at), clock.local(meeting.ends_at)
        days = reminders(opened.date(), ends.date(), territory_of(meeting.cellule_id))
        local = clock.local(now)
        half = is_due(days.half_on, found.half_reminded_at, local)
        eve = is_due(days.eve_on, _of_this_eve(found.eve_reminded_at, days.eve_on), local)
        if not (half or eve) or meeting.status is not MeetingStatus.OPEN or now >= meeting.ends_at:
            return
        last = found.last_reminder
        if half:
            found.half_reminded_at = now
        if eve:
            found.eve_reminded_at = now
        sent = remind(meeting) if last is None or now - last >= PAUSE / 2 else 0
        audit.record(None, "consultation.remind", subject=meeting, seats=sent, by_hand=False)


def _of_this_eve(reminded_at: datetime | None, eve_on: date) -> datetime | None:
    """Return the reminder of the eve, unless it was that of an earlier end: more time given has an eve of its own."""
    return reminded_at if reminded_at and clock.local(reminded_at).date() >= eve_on else None
