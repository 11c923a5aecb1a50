"""Minutes and order of an agenda, and what goes to another séance."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, NotFound, RuleViolation
from pdp.meetings import hooks, queries
from pdp.meetings.enums import AgendaTraceKind, MeetingStatus
from pdp.meetings.models import AgendaItem, AgendaTrace, Meeting
from pdp.meetings.queries import ordering as ordering_queries
from pdp.meetings.rules.ordering import OrderRule, ordered, ranks_of, restored
from pdp.meetings.rules.workflow import MeetingAction, can_act, next_status
from pdp.meetings.service.agenda import ensure_untouched, renumber
from pdp.meetings.service.steps import bump, check_version
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_SAME = "Choisissez une autre séance que celle-ci."
_TWICE = "Cette demande est déjà à l’ordre du jour de cette séance."


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """A line of an order proposed: its present place and what puts it there. Empty words behind closed doors."""

    item: str
    reference: str
    name: str
    was: int
    urgent_on: date | None
    referent: str
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposedOrder:
    """An order to look at before it is put in place. `changes` says whether anything would move."""

    meeting: str
    version: int
    rule: OrderRule
    lines: tuple[ProposedLine, ...]

    @property
    def changes(self) -> bool:
        """Tell whether the order differs from the present one."""
        return any(line.was != rank for rank, line in enumerate(self.lines, start=1))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An item with the other séances to which it may be sent."""

    item: str
    version: int
    meeting: Meeting
    position: int
    name: str
    reference: str
    others: tuple[Meeting, ...]


def set_minutes(actor: Actor, item: str, *, version: int, planned_minutes: int) -> None:
    """Change how long an item should take."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        check_version(held.item, version, "ce point")
        held.item.planned_minutes = planned_minutes
        bump(held.item)
        bump(held.meeting)
        audit.record(
            actor, "agenda.minutes", case_id=held.request.case_id, subject=held.item, planned_minutes=planned_minutes
        )


def propose_order(actor: Actor, meeting: str, rule: OrderRule) -> ProposedOrder:
    """Return the agenda as a rule would put it; nothing changes yet."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.get_frame(actor, meeting).meeting
        next_status(found.status, MeetingAction.EDIT_AGENDA)
        pairs = {item.id: (item, candidate) for item, candidate in ordering_queries.list_candidates(actor, found)}
        day = clock.local(found.starts_at).date()
        names = {body.id: body.short_name for body in accounts.list_organisations(found.cellule_id, day)}
        lines = []
        for key in ordered(rule, [candidate for _, candidate in pairs.values()]):
            item, candidate = pairs[key]
            known = queries.opens(actor, item.request.case)
            lines.append(
                ProposedLine(
                    item=item.public_id,
                    reference=item.request.case.reference if known else "",
                    name=item.request.case.person.full_name if known else "",
                    was=item.position,
                    urgent_on=candidate.urgent_on,
                    referent=candidate.referent,
                    partners=tuple(names[key] for key in sorted(candidate.partners)),
                )
            )
        audit.record(actor, "agenda.propose_order", subject=found, rule=rule, items=len(lines))
    return ProposedOrder(found.public_id, found.version, rule, tuple(lines))


def apply_order(actor: Actor, meeting: str, *, version: int, rule: OrderRule) -> tuple[int, ...]:
    """Put an agenda in the order of a rule. Return the former order, as ranks in the new one, to undo it."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.EDIT_AGENDA)
        check_version(found, version, "l’ordre du jour")
        candidates = [candidate for _, candidate in ordering_queries.list_candidates(actor, found)]
        before, after = [candidate.key for candidate in candidates], ordered(rule, candidates)
        _put_in_order(found, after)
        audit.record(actor, "agenda.order", subject=found, rule=rule, items=len(after))
    return ranks_of(before, after)


def restore_order(actor: Actor, meeting: str, *, version: int, ranks: tuple[int, ...]) -> None:
    """Put an agenda back in the order that it had, said by ranks in the present one.

    Raises `Conflict` once anything of the séance has changed since.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.EDIT_AGENDA)
        check_version(found, version, "l’ordre du jour")
        order = restored([item.id for item in queries.list_items(found)], ranks)
        if order is None:
            raise Conflict("L’ordre du jour a changé entre-temps : l’ordre précédent ne convient plus.")
        _put_in_order(found, order)
        audit.record(actor, "agenda.restore_order", subject=found, items=len(order))


def list_elsewhere(actor: Actor, meeting: str, item: str) -> Elsewhere:
    """Return an item of an agenda, and the séances to which it may be sent."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.get_frame(actor, meeting).meeting
        row = next((row for row in queries.load_agenda(found) if row.public_id == item), None)
        if row is None or not queries.opens(actor, row.request.case):
            raise NotFound
        others = tuple(ordering_queries.list_other_meetings(actor, found))
        audit.record(actor, "agenda.read_item", case_id=row.request.case_id, subject=row)
    case = row.request.case
    return Elsewhere(item, row.version, found, row.position, case.person.full_name, case.reference, others)


def send_elsewhere(actor: Actor, item: str, *, version: int, meeting: str) -> str:
    """Send an item to another séance, at its end, and leave a trace in both; return the new item's public id.

    Question, notes and planned minutes go with it. Not once it was put to the vote.
    """
    ensure(actor, Permission.MEETING_RUN)
    try:
        with db.transaction(actor) as session:
            ordering_queries.lock_both(actor, item, meeting)
            held = queries.lock_item(actor, item)
            target = queries.lock_meeting(actor, meeting)
            next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
            if target.id == held.meeting.id:
                raise RuleViolation(_SAME)
            if not can_act(target.status, MeetingAction.EDIT_AGENDA):
                raise RuleViolation("Cette séance n’accepte plus de demande : choisissez-en une à venir.")
            check_version(held.item, version, "ce point")
            ensure_untouched(held)
            moved = _copy(held.item, target)
            _leave_traces(held.item, held.meeting, target)
            if held.meeting.current_item_id == held.item.id:
                held.meeting.current_item_id = None
            audit.record(
                actor,
                "agenda.send_elsewhere",
                case_id=held.request.case_id,
                subject=held.item,
                meeting=held.meeting.id,
                target=target.id,
            )
            session.delete(held.item)
            session.add(moved)
            session.flush()
            renumber(held.meeting, tuple(other.id for other in queries.list_items(held.meeting)))
            bump(held.meeting)
            bump(target)
            hooks.tell(actor, held.meeting, hooks.Change.ITEM_REMOVED)
    except IntegrityError as error:
        raise Conflict(_TWICE) from error
    return moved.public_id


def _put_in_order(meeting: Meeting, order: tuple[int, ...]) -> None:
    places = {item.id: item.position for item in queries.list_items(meeting)}
    renumber(meeting, order)
    for item in queries.list_items(meeting):
        if item.position != places[item.id]:
            bump(item)
    bump(meeting)


def _copy(item: AgendaItem, target: Meeting) -> AgendaItem:
    last = max((other.position for other in queries.list_items(target)), default=0)
    return AgendaItem(
        cellule_id=item.cellule_id,
        meeting_id=target.id,
        request_id=item.request_id,
        position=last + 1,
        planned_minutes=item.planned_minutes,
        question=item.question,
        discussion=item.discussion,
        added_in_session=target.status is MeetingStatus.OPEN,
    )


def _leave_traces(item: AgendaItem, origin: Meeting, target: Meeting) -> None:
    for here, other, kind in (
        (origin, target, AgendaTraceKind.MOVED_AWAY),
        (target, origin, AgendaTraceKind.MOVED_HERE),
    ):
        db.session().add(
            AgendaTrace(
                cellule_id=item.cellule_id,
                meeting_id=here.id,
                request_id=item.request_id,
                organisation_id=None,
                kind=kind,
                ended_on=clock.local(other.starts_at).date(),
                at=clock.now(),
            )
        )
