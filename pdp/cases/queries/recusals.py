"""The déports of cases."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.cases.models import Case, CaseRecusal
from pdp.cases.queries.visibility import visible_to
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor


def find_current(cellule_id: int, case_id: int, user_id: int) -> CaseRecusal | None:
    """Return the déport of a person in a case, if one lasts."""
    wanted = select(CaseRecusal).where(
        CaseRecusal.cellule_id == cellule_id,
        CaseRecusal.case_id == case_id,
        CaseRecusal.user_id == user_id,
        CaseRecusal.ended_at.is_(None),
    )
    return db.session().scalars(wanted.order_by(CaseRecusal.id)).first()


def get_current(actor: Actor, public_id: str) -> CaseRecusal:
    """Return a déport that lasts, of a case that the actor sees, locked. Raises `NotFound`."""
    wanted = (
        select(CaseRecusal)
        .join(Case, (Case.cellule_id == CaseRecusal.cellule_id) & (Case.id == CaseRecusal.case_id))
        .where(CaseRecusal.public_id == public_id, CaseRecusal.ended_at.is_(None), visible_to(actor, clock.today()))
        .with_for_update(of=CaseRecusal)
    )
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_recusals(cellule_id: int, case_ids: Collection[int]) -> Sequence[CaseRecusal]:
    """Return the déports of these cases, ended ones too, oldest first, with their people; one statement."""
    return (
        db.session()
        .scalars(
            select(CaseRecusal)
            .options(joinedload(CaseRecusal.user, innerjoin=True))
            .where(CaseRecusal.cellule_id == cellule_id, CaseRecusal.case_id.in_(case_ids))
            .order_by(CaseRecusal.id)
        )
        .all()
    )
