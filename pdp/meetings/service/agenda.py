"""The agenda: requests put on it, their order, the one under discussion."""

from sqlalchemy.exc import IntegrityError

from pdp.audit import service as audit
from pdp.core import db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.meetings import hooks, queries
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem, Meeting
from pdp.meetings.queries import HeldItem
from pdp.meetings.rules.agenda import moved
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.pace import turn_to
from pdp.meetings.service.steps import bump, check_version, move_request
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction
from pdp.requests.service.access import ensure_case_open

_TWICE = "Cette demande est déjà à l’ordre du jour de cette séance."


def add_to_agenda(actor: Actor, meeting: str, *, request: str, planned_minutes: int = 10) -> str:
    """Put a request that is ready, or adjourned, at the end of an agenda; return the item's public id."""
    ensure(actor, Permission.MEETING_RUN)
    try:
        with db.transaction(actor) as session:
            found = queries.lock_meeting(actor, meeting)
            next_status(found.status, MeetingAction.EDIT_AGENDA)
            asked = queries.lock_request(actor, request)
            if not queries.opens(actor, asked.case):
                raise NotFound
            ensure_case_open(asked.case)
            move_request(asked, RequestAction.SCHEDULE)
            items = queries.list_items(found)
            item = AgendaItem(
                cellule_id=found.cellule_id,
                meeting_id=found.id,
                request_id=asked.id,
                position=max((other.position for other in items), default=0) + 1,
                planned_minutes=planned_minutes,
                added_in_session=found.status is MeetingStatus.OPEN,
            )
            session.add(item)
            bump(found)
            added = item.added_in_session
            audit.record(actor, "agenda.add", case_id=asked.case_id, subject=item, meeting=found.id, in_session=added)
    except IntegrityError as error:
        raise Conflict(_TWICE) from error
    return item.public_id


def remove_from_agenda(actor: Actor, item: str, *, version: int) -> None:
    """Take a request off the agenda; it waits for another séance. Not once it was put to the vote."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor) as session:
        held = queries.lock_item(actor, item)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        check_version(held.item, version, "ce point")
        ensure_untouched(held)
        move_request(held.request, RequestAction.UNSCHEDULE)
        if held.meeting.current_item_id == held.item.id:
            held.meeting.current_item_id = None
        audit.record(actor, "agenda.remove", case_id=held.request.case_id, subject=held.item)
        session.delete(held.item)
        session.flush()
        renumber(held.meeting, tuple(other.id for other in queries.list_items(held.meeting)))
        bump(held.meeting)
        hooks.tell(actor, held.meeting, hooks.Change.ITEM_REMOVED)


def move_item(actor: Actor, item: str, *, version: int, to: str) -> None:
    """Move an item `"up"`, `"down"`, or to a rank written in figures, counted from 1."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        check_version(held.item, version, "ce point")
        order = tuple(other.id for other in queries.list_items(held.meeting))
        rank = order.index(held.item.id) + 1
        renumber(held.meeting, moved(order, held.item.id, _wanted(to, rank)))
        bump(held.item)
        bump(held.meeting)
        audit.record(actor, "agenda.move", case_id=held.request.case_id, subject=held.item, rank=held.item.position)


def select_item(actor: Actor, item: str) -> None:
    """Bring an item under discussion; the first time, its clock starts."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        next_status(held.meeting.status, MeetingAction.SELECT_ITEM)
        turn_to(held.meeting, held.item)
        bump(held.meeting)
        audit.record(actor, "meeting.select_item", case_id=held.request.case_id, subject=held.item)


def _wanted(to: str, rank: int) -> int:
    steps = {"up": rank - 1, "down": rank + 1}
    if to not in steps and not (to.isascii() and to.isdigit()):
        raise InvalidInput({"to": ["Écrivez un rang, par exemple 3."]})
    return steps[to] if to in steps else int(to)


def ensure_untouched(held: HeldItem) -> None:
    """Refuse what was put to the vote or settled: it stays where it is."""
    if queries.find_ballot_of(held.item.id) or queries.find_opinion(held.item.id):
        raise RuleViolation("Ce point a été mis aux voix ou a reçu un avis : il reste à l’ordre du jour.")


def renumber(meeting: Meeting, order: tuple[int, ...]) -> None:
    """Give the items of an agenda the places of an order of their keys."""
    rank = {key: position for position, key in enumerate(order, start=1)}
    for other in queries.list_items(meeting):
        other.position = rank[other.id]
