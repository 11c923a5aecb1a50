"""Approve minutes: by the next séance, or by silence within a delay for objections."""

from datetime import UTC, datetime, time
from typing import Any

from pdp.accounts.queries import governance, lock_cellule
from pdp.accounts.recipients import list_scopes
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.calendar import add_working_days
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.meetings.models import Meeting
from pdp.minutes import queries
from pdp.minutes.enums import ApprovalState, EventReason, MinutesEventKind, SendingState
from pdp.minutes.models import MinutesEvent, MinutesObjection
from pdp.minutes.queries import MinutesRow, RecipientRow
from pdp.minutes.resolution import approval_in
from pdp.minutes.service import doors
from pdp.minutes.service.doors import Shelf
from pdp.minutes.service.send import coordinators, tell
from pdp.minutes.standing import Approval, approval
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_SETTLED = "Ce procès-verbal est déjà approuvé, ou un délai d’objection court déjà."
_NO_WINDOW = (
    "Aucun délai d’objection ne court sur ce procès-verbal : adressez-vous au secrétariat de la cellule, ou dites-le "
    "à la prochaine séance."
)
_TOO_SHORT = "Les règles de la cellule donnent au moins {least} jours ouvrables pour objecter."
_NO_SEANCE = "Aucune séance ne s’est tenue depuis : le procès-verbal ne peut pas encore y avoir été approuvé."


def open_window(actor: Actor, meeting_public_id: str, *, days: int) -> datetime:
    """Submit the newest edition to objections until the end of the `days`-th working day; return that instant.

    Raises `InvalidInput` for a delay shorter than the rules of the cellule give.
    """
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        least = governance(actor.cellule_id, clock.today()).objection_days
        if days < least:
            raise InvalidInput({"days": [_TOO_SHORT.format(least=least)]})
        shelf = doors.get_shelf(actor, meeting_public_id)
        if _approval(shelf).state in (ApprovalState.OPEN, ApprovalState.APPROVED):
            raise RuleViolation(_SETTLED)
        last_day = add_working_days(clock.today(), days)
        closes_at = datetime.combine(last_day, time(23, 59), clock.PARIS).astimezone(UTC)
        _write(shelf.newest, actor.cellule_id, MinutesEventKind.WINDOW_OPENED, user_id=actor.user_id, due_at=closes_at)
        tell(_asked(actor.cellule_id, shelf), NoticeKind.MINUTES_TO_APPROVE, actor.cellule_id, shelf.newest)
        audit.record(actor, "minutes.submit", subject=shelf.newest, days=days)
        return closes_at


def shortest_window(actor: Actor) -> int:
    """Return how many working days the rules of today give at least for objections."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.reading(actor):
        return governance(actor.cellule_id, clock.today()).objection_days


def read_window(actor: Actor, meeting_public_id: str) -> tuple[MinutesRow, Approval]:
    """Return the newest edition and its delay, to a reader who may object. Raises `RuleViolation` without a delay."""
    ensure(actor, Permission.MINUTES_OBJECT)
    with db.reading(actor):
        shelf = doors.get_shelf(actor, meeting_public_id)
        _ensure_open(shelf)
        return shelf.newest, _approval(shelf)


def object_to(actor: Actor, meeting_public_id: str, *, objection: str) -> None:
    """Tell the coordinator what a member or a recipient objects to, while the delay runs."""
    ensure(actor, Permission.MINUTES_OBJECT)
    if not objection.strip():
        raise InvalidInput({"objection": ["Écrivez ce que vous contestez, et à quel point."]})
    with db.transaction(actor) as session:
        lock_cellule(actor.cellule_id)
        shelf = doors.get_shelf(actor, meeting_public_id)
        _ensure_open(shelf)
        minutes = shelf.newest
        row = MinutesObjection(
            cellule_id=actor.cellule_id,
            minutes_id=minutes.id,
            organisation_id=actor.organisation_id,
            user_id=actor.user_id,
            at=clock.now(),
            text=objection.strip(),
        )
        session.add(row)
        tell(coordinators(actor.cellule_id), NoticeKind.MINUTES_OBJECTED, actor.cellule_id, minutes)
        audit.record(actor, "minutes.object", subject=row)


def approve_in_seance(actor: Actor, meeting_public_id: str, *, with_changes: bool) -> None:
    """Write in the register that a séance held since approved the newest edition."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        shelf = doors.get_shelf(actor, meeting_public_id)
        if _approval(shelf).state is ApprovalState.APPROVED:
            raise RuleViolation(_SETTLED)
        if not queries.was_one_held_since(actor.cellule_id, shelf.newest.starts_at):
            raise RuleViolation(_NO_SEANCE)
        _approve(actor.cellule_id, shelf.newest, with_changes=with_changes, user_id=actor.user_id)
        audit.record(actor, "minutes.approve", subject=shelf.newest, changes=with_changes)


def on_seance_closed(actor: Actor, meeting: Meeting, resolution: str) -> None:
    """Approve the minutes of the séance before, when this one resolved so; in the transaction of its closing."""
    with_changes = approval_in(resolution)
    former = queries.find_awaiting(meeting.cellule_id, meeting.starts_at)
    if with_changes is None or former is None:
        return
    _approve(meeting.cellule_id, former, with_changes=with_changes, user_id=actor.user_id)
    audit.record(actor, "minutes.approve", subject=former, changes=with_changes)


def close_due_windows() -> int:
    """Close, cellule by cellule, the delays that have run out; return how many."""
    closed = 0
    for scope in list_scopes():
        with db.transaction(scope):
            if not _due(scope.cellule_id):
                continue
            lock_cellule(scope.cellule_id)
            for public_id, event_id in _due(scope.cellule_id):
                _close(scope.cellule_id, public_id, event_id)
                closed += 1
    return closed


def _due(cellule_id: int) -> list[tuple[str, int]]:
    due = queries.list_due(cellule_id, MinutesEventKind.WINDOW_OPENED, clock.now())
    return [(public_id, event_id) for public_id, _, event_id in due]


def _close(cellule_id: int, public_id: str, event_id: int) -> None:
    shelf = doors.whole_shelf(cellule_id, public_id)
    minutes = next(row for row in shelf.editions if row.public_id == public_id)
    opened = next(event for event in shelf.events if event.id == event_id)
    contested = any(row.at >= opened.at for row in queries.list_objections([minutes.id]))
    once = f"closed:{event_id}"
    if contested:
        _write(minutes, cellule_id, MinutesEventKind.CONTESTED, once=once)
        tell(coordinators(cellule_id), NoticeKind.MINUTES_CONTESTED, cellule_id, minutes)
    else:
        _write(minutes, cellule_id, MinutesEventKind.APPROVED, reason=EventReason.BY_SILENCE, once=once)
    audit.record(None, "minutes.close_window", subject=minutes, contested=contested)


def _approve(cellule_id: int, minutes: MinutesRow, *, with_changes: bool, user_id: int) -> None:
    reason = EventReason.WITH_CHANGES if with_changes else EventReason.IN_SEANCE
    _write(minutes, cellule_id, MinutesEventKind.APPROVED, reason=reason, user_id=user_id)


def _approval(shelf: Shelf) -> Approval:
    return approval(shelf.events, shelf.newest.id)


def _ensure_open(shelf: Shelf) -> None:
    if _approval(shelf).state is not ApprovalState.OPEN or not shelf.versions_of(shelf.newest):
        raise RuleViolation(_NO_WINDOW)


def _asked(cellule_id: int, shelf: Shelf) -> list[RecipientRow]:
    """Return the people of the core, and those of the partners who hold the edition."""
    people = queries.list_recipients(cellule_id, clock.today())
    holders = {
        version.organisation_id
        for version in shelf.versions_of(shelf.newest)
        if shelf.sending_of(version).state is SendingState.SENT
    }
    return [person for key in {None, *holders} for person in people.get(key, ())]


def _write(minutes: MinutesRow, cellule_id: int, kind: MinutesEventKind, **values: Any) -> None:
    event = MinutesEvent(cellule_id=cellule_id, minutes_id=minutes.id, kind=kind, at=clock.now(), **values)
    db.session().add(event)
    db.session().flush()
