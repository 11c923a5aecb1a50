"""Things to do that follow from an item: who owns them, by when, and when they are done, or cannot be."""

from dataclasses import dataclass
from datetime import date

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.cases.service.access import ensure_not_frozen
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import ActionKind, ActionState
from pdp.meetings.models import Action
from pdp.meetings.queries import held as holdings
from pdp.meetings.queries.actions import ActionRow, get_action
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.conditions import ensure_may_own, settle
from pdp.meetings.service.steps import bump, check_version
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.requests.models import DispositifRequest

_CLOSED = {
    ActionState.DONE: "Cette action est déjà faite.",
    ActionState.UNMET: "Cette réserve est déjà dite non remplie.",
    ActionState.DROPPED: "L’avis a été rectifié : il n’y a plus rien à faire ici.",
}


@dataclass(frozen=True, slots=True)
class ActionPage:
    """A thing to do; `may_settle`: the reader may say that it is done or, for what an opinion holds, not met.

    `frozen`: they might, were the processing of the person not restricted.
    """

    row: ActionRow
    may_settle: bool
    frozen: bool = False


def add_action(actor: Actor, item: str, *, owner: str, text: str, due_on: date) -> str:
    """Add a thing to do, owned by an organisation of the cellule, and return its public id.

    A partner may own it only with a sharing agreement in force that opens the request of the case.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor) as session:
        held = queries.lock_item(actor, item, queries.ANY_KIND)
        next_status(held.meeting.status, MeetingAction.ADD_ACTION)
        organisation = accounts.get_organisation(actor.cellule_id, owner)
        if due_on < clock.today():
            raise InvalidInput({"due_on": ["Cette date est passée : choisissez une date à venir."]})
        case_id = held.request.case_id
        ensure_may_own(actor.cellule_id, case_id, organisation, "owner")
        action = Action(
            cellule_id=actor.cellule_id,
            item_id=held.item.id,
            case_id=case_id,
            owner_organisation_id=organisation.id,
            text=text,
            due_on=due_on,
            state=ActionState.OPEN,
            created_by_id=actor.user_id,
        )
        session.add(action)
        audit.record(actor, "action.add", case_id=case_id, subject=action, owner=organisation.id)
    return action.public_id


def complete_action(actor: Actor, action: str, *, version: int, note: str = "") -> ActionKind:
    """Say that a thing to do is done, or a condition lifted, and return what it was for.

    For people of the owning organisation, or the coordinator; what an opinion holds may be said by anybody of the
    core. The last condition lifted lifts the reserve. A partner needs its sharing agreement still in force;
    otherwise the action is `NotFound`.
    """
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        request, found = _lock(actor, action, version)
        _close(actor, found, ActionState.DONE, note)
        settle(actor, request, found)
        audit.record(actor, "action.complete", case_id=found.case_id, subject=found)
    return found.kind


def declare_unmet(actor: Actor, action: str, *, version: int, note: str) -> None:
    """Say that a condition will not be met: the request comes back to those to be scheduled, with what was said.

    Raises `RuleViolation` for a plain thing to do.
    """
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        request, found = _lock(actor, action, version)
        if found.kind is not ActionKind.CONDITION:
            raise RuleViolation("Seule une réserve d’avis peut être dite non remplie. Une action se clôt.")
        _close(actor, found, ActionState.UNMET, note)
        settle(actor, request, found)
        audit.record(actor, "action.unmet", case_id=found.case_id, subject=found)


def read_action(actor: Actor, action: str) -> ActionPage:
    """Open one thing to do: of the actor's organisation, or any of the cellule for the core."""
    ensure(actor, Permission.MEETING_LIST)
    with db.transaction(actor):
        row, found = get_action(actor, action)
        owner = actor.organisation_id == found.owner_organisation_id
        if not actor.is_core and not owner:
            raise NotFound
        labels = queries.labels_by_case(actor, [row.case_key]).get(row.case_key, frozenset())
        if Label.REQUEST not in labels:
            raise NotFound
        audit.record(actor, "action.read", case_id=found.case_id, subject=found)
        frozen = queries.is_frozen(found.cellule_id, found.case_id)
    shown = row if Label.IDENTITY in labels else row.without_name()
    theirs = row.state is ActionState.OPEN and (owner or _answers(actor, row.kind))
    return ActionPage(shown, may_settle=theirs and not frozen, frozen=theirs and frozen)


def _lock(actor: Actor, action: str, version: int) -> tuple[DispositifRequest, Action]:
    """Return an open thing to do that the actor may settle, and its request, both locked."""
    request = holdings.lock_request_of(actor, action)
    found = queries.lock_action(actor, action)
    owner = actor.organisation_id == found.owner_organisation_id
    if not actor.is_core and not owner:
        raise NotFound
    queries.ensure_can_follow(actor, found.case_id)
    if not owner and not _answers(actor, found.kind):
        raise RuleViolation("Cette action revient à un autre organisme : lui seul peut la déclarer faite.")
    ensure_not_frozen(request.case)
    check_version(found, version, "cette action")
    if found.state is not ActionState.OPEN:
        raise RuleViolation(_CLOSED[found.state])
    return request, found


def _answers(actor: Actor, kind: ActionKind) -> bool:
    """Tell whether somebody may settle what belongs to another organisation."""
    return actor.role is Role.COORDINATEUR or (actor.is_core and kind is not ActionKind.TASK)


def _close(actor: Actor, action: Action, state: ActionState, note: str) -> None:
    action.state, action.note = state, note.strip()
    action.done_on, action.done_by_id = clock.today(), actor.user_id
    bump(action)
