"""Declare that two requests of a case are alternatives, or not after all; table again those left aside for nothing."""

from pdp.audit import service as audit
from pdp.core import db
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.meetings import queries
from pdp.meetings.models import AgendaItem
from pdp.meetings.queries import HeldItem, corrections
from pdp.meetings.rules.alternatives import without_object
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.steps import bump, check_version, move_request
from pdp.meetings.service.telling_actions import tell_returned
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction

_OTHER_CASE = "Choisissez un autre point du même dossier, inscrit à la même séance."


def link_alternative(actor: Actor, item: str, *, version: int, other: str) -> None:
    """Declare that an item and another one of the same case and séance are alternatives."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        check_version(held.item, version, "ce point")
        items = queries.list_items(held.meeting)
        chosen = next((each for each in items if each.public_id == other), None)
        if chosen is None or chosen.id == held.item.id or chosen.request.case_id != held.request.case_id:
            raise InvalidInput({"other": [_OTHER_CASE]})
        # Two groups that meet become one.
        joined = {each for each in (held.item.alternative_group, chosen.alternative_group) if each is not None}
        group = min(joined or {held.item.id, chosen.id})
        for each in items:
            if each.id in (held.item.id, chosen.id) or each.alternative_group in joined:
                _ensure_open(each)
                each.alternative_group = group
                bump(each)
        bump(held.meeting)
        audit.record(
            actor, "agenda.link", case_id=held.request.case_id, subject=held.item, group=group, other=chosen.id
        )


def unlink_alternative(actor: Actor, item: str, *, version: int) -> None:
    """Say that an item is no alternative of others any more; a group of one is none."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        check_version(held.item, version, "ce point")
        group = held.item.alternative_group
        if group is None:
            raise RuleViolation("Ce point n’est lié à aucun autre.")
        items = queries.list_items(held.meeting)
        _ensure_open(next(each for each in items if each.id == held.item.id))
        linked = [each for each in items if each.alternative_group == group]
        for each in linked if len(linked) == 2 else (held.item,):
            each.alternative_group = None
            bump(each)
        bump(held.meeting)
        audit.record(actor, "agenda.unlink", case_id=held.request.case_id, subject=held.item, group=group)


def give_back(actor: Actor, item: HeldItem) -> None:
    """Put back with those to be scheduled the alternatives left aside for an item that is favourable no longer.

    Joins the transaction of the correction, which holds the séance. Another favourable one still leaves them aside.
    """
    for each in queries.lock_left_aside(item.item):
        others = [one for one in queries.alternatives_of(each) if one.position != item.item.position]
        opinion = each.opinion
        if without_object(others) or not opinion or not corrections.is_newest_opinion(opinion, each.request_id):
            continue
        move_request(each.request, RequestAction.COME_BACK)
        audit.record(actor, "request.give_back", case_id=each.request.case_id, subject=each.request)
        tell_returned(each.request, actor.user_id)


def _ensure_open(item: AgendaItem) -> None:
    if item.opinion is not None:
        raise RuleViolation(f"L’avis du point {item.position} est enregistré : ses liens ne changent plus.")
