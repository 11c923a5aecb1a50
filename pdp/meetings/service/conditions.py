"""What an opinion holds: conditions to lift, things that an adjournment waits for, and what follows by itself.

The last condition lifted lifts the reserve; one that is not met, or whose date is over, sends the request back to
those to be scheduled.
"""

from collections.abc import Sequence

from pdp.accounts import queries as accounts
from pdp.accounts.models import Organisation
from pdp.audit import service as audit
from pdp.cases.rules.workflow import ENDED
from pdp.core import clock, db
from pdp.core.errors import InvalidInput
from pdp.meetings import queries
from pdp.meetings.enums import ActionKind, ActionState, OpinionCode, ReserveState
from pdp.meetings.models import Action
from pdp.meetings.queries import HeldItem, held
from pdp.meetings.rules import conditions as rules
from pdp.meetings.rules.conditions import HeldLine
from pdp.meetings.service.steps import bump, move_request
from pdp.meetings.service.telling_actions import tell_complete, tell_lifted, tell_returned
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestAction, RequestStatus
from pdp.requests.models import DispositifRequest

_FIELDS = {ActionKind.CONDITION: "conditions", ActionKind.MISSING: "awaited"}


def hold(actor: Actor, item: HeldItem, code: OpinionCode, lines: Sequence[HeldLine]) -> int:
    """Give each line of an opinion an owner and a date, in the transaction under way; return how many.

    A line without owner falls to the organisation of who records it. Raises `InvalidInput`.
    """
    kind = rules.HELD_BY.get(code)
    if kind is None:
        return 0
    today = clock.today()
    owners = {line.owner: _owner(actor, line.owner, item.request.case_id, kind) for line in lines}
    if any(line.due_on is not None and line.due_on < today for line in lines):
        raise InvalidInput({_FIELDS[kind]: ["Cette date est passée : choisissez une date à venir."]})
    for line in lines:
        owner = owners[line.owner]
        action = Action(
            cellule_id=item.item.cellule_id,
            item_id=item.item.id,
            case_id=item.request.case_id,
            owner_organisation_id=owner.id if owner else actor.organisation_id,
            kind=kind,
            text=line.text,
            due_on=line.due_on or rules.usual_due(today),
            state=ActionState.OPEN,
            created_by_id=actor.user_id,
        )
        db.session().add(action)
    return len(lines)


def follow_correction(actor: Actor, item: HeldItem, code: OpinionCode, conditions: str) -> None:
    """Keep of what an item holds what its corrected opinion still says, drop the rest, add what it says besides.

    What an earlier correction dropped is held again once this one says it.
    """
    wanted = rules.lines_of(conditions) if code is OpinionCode.FAVOURABLE_WITH_CONDITIONS else ()
    texts = {line.text for line in wanted}
    kept: set[str] = set()
    for kind in rules.HELD_BY.values():
        holds = rules.HELD_BY.get(code) is kind
        for action in held.list_of_item(item.item.cellule_id, item.item.id, kind):
            said = holds and (kind is ActionKind.MISSING or action.text in texts)
            if said:
                kept.add(action.text)
                _take_up(action)
            elif action.state is ActionState.OPEN:
                action.state = ActionState.DROPPED
                bump(action)
    hold(actor, item, code, [line for line in wanted if line.text not in kept])


def settle(actor: Actor, request: DispositifRequest, action: Action) -> None:
    """Draw what follows from a condition, or a thing awaited, that was just settled; its request is locked."""
    if action.kind is ActionKind.TASK or not held.holds_still(action.cellule_id, action.item_id, action.kind):
        return
    db.session().flush()
    siblings = held.list_of_item(action.cellule_id, action.item_id, action.kind)
    state = rules.stand([each.state for each in siblings])
    if state is ReserveState.LIFTED:
        tell = tell_lifted if action.kind is ActionKind.CONDITION else tell_complete
        tell(request, actor.user_id)
    elif action.kind is ActionKind.CONDITION:
        send_back(request, siblings, by=actor)


def send_back(request: DispositifRequest, conditions: Sequence[Action], *, by: Actor | None) -> bool:
    """Put a locked request back with those to be scheduled when a condition calls for it, once; tell whether it did.

    A request already decided goes on: the condition stays late, and its owner is reminded of it. Nothing of a case
    that ended is to be scheduled any more.
    """
    today = clock.today()
    calling = [each for each in conditions if rules.sends_back(each.state, each.due_on, today)]
    if not calling or request.status is not RequestStatus.OPINION_GIVEN or request.case.stage in ENDED:
        return False
    move_request(request, RequestAction.COME_BACK)
    for action in calling:
        action.returned_on = today
    audit.record(by, "request.come_back", case_id=request.case_id, subject=request, conditions=len(calling))
    tell_returned(request, by.user_id if by else None)
    return True


def send_back_overdue(cellule_id: int) -> int:
    """Send back the requests of a cellule whose conditions were not met in time; return how many."""
    today, sent = clock.today(), 0
    for request_id in held.list_to_send_back(cellule_id, today):
        request, conditions = held.lock_request_with_held(request_id)
        sent += send_back(request, conditions, by=None)
    return sent


def ensure_may_own(cellule_id: int, case_id: int, organisation: Organisation, field: str) -> None:
    """Refuse a partner with which the case is not shared. Raises `InvalidInput` on `field`."""
    if not queries.may_be_called(cellule_id, case_id, organisation):
        raise InvalidInput(
            {field: ["Ce dossier n’est pas partagé avec cet organisme : il ne peut pas porter l’action."]}
        )


def _take_up(action: Action) -> None:
    """Hold again what was dropped; a date that went by meanwhile leaves the usual delay, and its reminders."""
    if action.state is not ActionState.DROPPED:
        return
    action.state = ActionState.OPEN
    if action.due_on < clock.today():
        action.due_on, action.reminded_step = rules.usual_due(clock.today()), 0
    bump(action)


def _owner(actor: Actor, owner: str, case_id: int, kind: ActionKind) -> Organisation | None:
    if not owner:
        return None
    organisation = accounts.get_organisation(actor.cellule_id, owner)
    ensure_may_own(actor.cellule_id, case_id, organisation, _FIELDS[kind])
    return organisation
