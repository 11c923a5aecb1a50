"""Things to do that follow from an item: who owns them, by when, and when they are done."""

from datetime import date

from pdp.accounts import queries as accounts
from pdp.accounts.enums import CORE_KINDS
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import ActionState
from pdp.meetings.models import Action
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.steps import bump, check_version
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role


def add_action(actor: Actor, item: str, *, owner: str, text: str, due_on: date) -> str:
    """Add a thing to do, owned by an organisation of the cellule, and return its public id.

    A partner may own it only with a sharing agreement in force that opens the request of the case.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor) as session:
        held = queries.lock_item(actor, item, queries.ANY_KIND)
        next_status(held.meeting.status, MeetingAction.ADD_ACTION)
        organisation = accounts.get_organisation(actor.cellule_id, owner)
        errors: dict[str, list[str]] = {}
        if due_on < clock.today():
            errors["due_on"] = ["Cette date est passée : choisissez une date à venir."]
        partner = organisation.kind not in CORE_KINDS
        case_id = held.request.case_id
        if partner and not queries.partners_following(actor.cellule_id, case_id, [organisation.id]):
            errors["owner"] = ["Ce dossier n’est pas partagé avec cet organisme : il ne peut pas porter l’action."]
        if errors:
            raise InvalidInput(errors)
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


def complete_action(actor: Actor, action: str, *, version: int) -> None:
    """Mark a thing to do as done. People of the owning organisation, or the coordinator.

    A partner needs its sharing agreement still in force; otherwise the action is `NotFound`.
    """
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        found = queries.lock_action(actor, action)
        owner = actor.organisation_id == found.owner_organisation_id
        if not actor.is_core and not owner:
            raise NotFound
        queries.ensure_can_follow(actor, found.case_id)
        if not owner and actor.role is not Role.COORDINATEUR:
            raise RuleViolation("Cette action revient à un autre organisme : lui seul peut la déclarer faite.")
        check_version(found, version, "cette action")
        if found.state is ActionState.DONE:
            raise RuleViolation("Cette action est déjà faite.")
        found.state, found.done_on, found.done_by_id = ActionState.DONE, clock.today(), actor.user_id
        bump(found)
        audit.record(actor, "action.complete", case_id=found.case_id, subject=found)
