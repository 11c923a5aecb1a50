"""Filters and columns that counters and deadlines share."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true

from pdp.cases.models import Case, InsuredPerson
from pdp.cases.queries import named_in_lists, reads_label
from pdp.home.queries.rows import Subject
from pdp.meetings.enums import ActionState, MeetingStatus
from pdp.meetings.models import Action
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from pdp.requests.enums import PieceState, RequestStatus

# Past this, a counter says « 99+ »: nobody needs an exact number, and nothing is counted in full.
CEILING = 100
HORIZON = timedelta(days=30)
ROWS = 12

PENDING = (RequestStatus.DRAFT, RequestStatus.READY, RequestStatus.SCHEDULED, RequestStatus.ADJOURNED)
# A séance that is still to be held, or under way.
COMING = (MeetingStatus.PLANNED, MeetingStatus.OPEN)
NOT_THERE = (PieceState.MISSING, PieceState.ABSENT)


def reads_requests(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the filter over `Case` of those whose requests the actor may read."""
    return reads_label(actor, Label.REQUEST, today)


def answers_for(actor: Actor) -> ColumnElement[bool]:
    """Return the filter over `Case` of those that the actor answers for: its own, or those of the team."""
    own: ColumnElement[bool] = Case.referent_user_id == actor.user_id
    if actor.role is Role.MANAGER:
        return true()
    return or_(own, Case.referent_user_id.is_(None)) if actor.role is Role.SERVICE_SOCIAL else own


def subject_of(actor: Actor, today: date) -> tuple[Any, ...]:
    """Return the columns that `named` makes a subject of: the case, and its person."""
    readable = named_in_lists(actor, today)
    return (Case.public_id, Case.reference, InsuredPerson.given_name, InsuredPerson.family_name, readable)


def named(public_id: str, reference: str, given_name: str, family_name: str, readable: bool) -> Subject:
    """Return how a list names a case: by the initials where the identity may not be read."""
    name = f"{given_name} {family_name}" if readable else f"{given_name[:1]}. {family_name[:1]}."
    return Subject(public_id, reference, name)


def open_actions(actor: Actor, mine: ColumnElement[bool]) -> Select[Any]:
    """Select the open actions of the actor's organisation; of the whole cellule for its coordinator."""
    actions = select(Action).join(Case, Case.id == Action.case_id).where(mine, Action.state == ActionState.OPEN)
    if actor.role is Role.COORDINATEUR:
        return actions
    return actions.where(Action.owner_organisation_id == actor.organisation_id)
