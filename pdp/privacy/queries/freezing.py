"""Reads of restrictions of the processing."""

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from pdp.cases.models import Case, InsuredPerson
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.privacy.models import ProcessingFreeze


def is_frozen(person_id: int) -> bool:
    """Tell whether the processing of a person is restricted today: nothing of it is shared, nor deleted."""
    return db.session().scalar(select(InsuredPerson.frozen_on).where(InsuredPerson.id == person_id)) is not None


def lock_person(case: Case) -> InsuredPerson:
    """Return the person of a case, locked until the commit."""
    wanted = (
        select(InsuredPerson)
        .where(InsuredPerson.cellule_id == case.cellule_id, InsuredPerson.id == case.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session().scalars(wanted).one()


def case_ids_of(person: InsuredPerson) -> Sequence[int]:
    """Return every case of a person, those that the reader may not see included: all are frozen together."""
    wanted = select(Case.id).where(Case.cellule_id == person.cellule_id, Case.person_id == person.id)
    return db.session().scalars(wanted.order_by(Case.id)).all()


def list_freezes(case: Case) -> Sequence[ProcessingFreeze]:
    """Return the restrictions of the person of a case, in whichever of its cases, newest first."""
    wanted = (
        select(ProcessingFreeze)
        .join(Case, and_(Case.cellule_id == ProcessingFreeze.cellule_id, Case.id == ProcessingFreeze.case_id))
        .options(
            joinedload(ProcessingFreeze.frozen_by),
            joinedload(ProcessingFreeze.informed_by),
            joinedload(ProcessingFreeze.lifted_by),
        )
        .where(ProcessingFreeze.cellule_id == case.cellule_id, Case.person_id == case.person_id)
    )
    return db.session().scalars(wanted.order_by(ProcessingFreeze.id.desc())).all()


def get_current(case: Case) -> ProcessingFreeze:
    """Return the restriction under way of the person of a case. Raises `NotFound`."""
    wanted = (
        select(ProcessingFreeze)
        .join(Case, and_(Case.cellule_id == ProcessingFreeze.cellule_id, Case.id == ProcessingFreeze.case_id))
        .where(
            ProcessingFreeze.cellule_id == case.cellule_id,
            Case.person_id == case.person_id,
            ProcessingFreeze.lifted_at.is_(None),
        )
        .order_by(ProcessingFreeze.id.desc())
        .limit(1)
        .with_for_update(of=ProcessingFreeze)
        .execution_options(populate_existing=True)
    )
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found
