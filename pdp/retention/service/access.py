"""Which case of the retention pages a person may see, and what of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from pdp.cases.models import Case
from pdp.cases.queries.visibility import would_see
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from pdp.policy.visibility import answers_for
from pdp.retention import queries
from pdp.retention.enums import Standing
from pdp.retention.queries import CaseRow
from pdp.retention.rules import Rules, last_contact


@dataclass(frozen=True, slots=True)
class Shown:
    """A case of the pages: where it stands, and its dates. Without initials for who knows no case."""

    row: CaseRow
    standing: Standing
    due_on: date | None
    last_contact_on: date | None
    initials: str


def reach(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the filter of the cases that these pages show: hidden ones too, restricted ones to their readers.

    The data-protection officer answers for the time of every case, and sees its reference only.
    """
    if actor.role is Role.DPO:
        return Case.cellule_id == actor.cellule_id
    return would_see(actor, today)


def get_row(actor: Actor, public_id: str, *, lock: bool = False) -> CaseRow:
    """Return a case with its clock. Raises `NotFound`."""
    wanted = select(Case.id).where(Case.public_id == public_id, reach(actor, clock.today()))
    case_id = db.session().scalar(wanted)
    row = queries.find_case(actor.cellule_id, case_id, lock=lock) if case_id else None
    if row is None or not (row.clock.ended or row.clock.hidden_on):
        raise NotFound
    return row


def may_steer(actor: Actor, row: CaseRow) -> bool:
    """Tell whether the actor decides for the case: who answers for it, or the coordinator."""
    return actor.role is Role.COORDINATEUR or answers_for(actor, row.referent_user_id)


def shown(actor: Actor, row: CaseRow, kept: Rules, today: date) -> Shown:
    """Return a case as the actor may see it."""
    return Shown(
        row,
        row.standing(kept, today),
        row.due_on(kept, today),
        last_contact(row.clock, today),
        "" if actor.role is Role.DPO else row.initials,
    )
