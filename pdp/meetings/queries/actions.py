"""The things to do that follow from séances."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, select

from pdp.accounts.models import Organisation
from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings.enums import ActionKind, ActionState
from pdp.meetings.models import Action, AgendaItem, Meeting
from pdp.meetings.queries.access import known
from pdp.policy.actor import Actor
from pdp.policy.roles import Role


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A thing to do. `case_key` stays inside; `name` is shown to those who may read the identity.

    `reminded_on` is when people were last reminded of it.
    """

    action: str
    version: int
    case_key: int
    case: str
    reference: str
    name: str
    text: str
    due_on: date
    owner: str
    kind: ActionKind
    state: ActionState
    note: str
    done_on: date | None
    reminded_on: date | None
    returned_on: date | None
    meeting: str
    meeting_day: date

    def without_name(self) -> "ActionRow":
        """Return the row for a reader who may not read the identity: the reference stands for the person."""
        return replace(self, name="")


def list_open_actions(actor: Actor, limit: int) -> Sequence[ActionRow]:
    """Return what the actor's organisation has to do, or the whole cellule for its coordinator, by date."""
    return _rows(_owned(actor, Action.state == ActionState.OPEN).order_by(Action.due_on, Action.id).limit(limit))


def list_done_actions(actor: Actor, limit: int) -> Sequence[ActionRow]:
    """Return the latest things done, or said not met, the newest first."""
    return _rows(
        _owned(actor, Action.state.in_((ActionState.DONE, ActionState.UNMET)))
        .order_by(Action.done_on.desc(), Action.id.desc())
        .limit(limit)
    )


def get_action(actor: Actor, public_id: str) -> tuple[ActionRow, Action]:
    """Return a thing to do of the actor's cellule, and its own row. Raises `NotFound`."""
    wanted = _everywhere(actor).where(Action.public_id == public_id, known(actor))
    found = db.session().execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return _row(*found), found[0]


def _owned(actor: Actor, state: ColumnElement[bool]) -> Select[Action, Case, InsuredPerson, Organisation, Meeting]:
    rows = _everywhere(actor).where(state)
    if actor.role is Role.COORDINATEUR:
        return rows
    return rows.where(Action.owner_organisation_id == actor.organisation_id)


def _everywhere(actor: Actor) -> Select[Action, Case, InsuredPerson, Organisation, Meeting]:
    return (
        select(Action, Case, InsuredPerson, Organisation, Meeting)
        .join(Case, Case.id == Action.case_id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(Organisation, Organisation.id == Action.owner_organisation_id)
        .join(AgendaItem, AgendaItem.id == Action.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Action.cellule_id == actor.cellule_id)
    )


def _rows(
    statement: Select[Action, Case, InsuredPerson, Organisation, Meeting],
) -> Sequence[ActionRow]:
    return [_row(*found) for found in db.session().execute(statement)]


def _row(action: Action, case: Case, person: InsuredPerson, owner: Organisation, meeting: Meeting) -> ActionRow:
    return ActionRow(
        action=action.public_id,
        version=action.version,
        case_key=case.id,
        case=case.public_id,
        reference=case.reference,
        name=person.full_name,
        text=action.text,
        due_on=action.due_on,
        owner=owner.short_name,
        kind=action.kind,
        state=action.state,
        note=action.note,
        done_on=action.done_on,
        reminded_on=action.reminded_on,
        returned_on=action.returned_on,
        meeting=meeting.public_id,
        meeting_day=clock.local(meeting.starts_at).date(),
    )
