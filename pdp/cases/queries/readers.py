"""Who is named for a restricted case."""

from collections.abc import Sequence

from sqlalchemy import select

from pdp.cases.models import Case, CaseReader
from pdp.core import db


def list_current(case: Case) -> Sequence[CaseReader]:
    """Return the readers named today."""
    wanted = select(CaseReader).where(
        CaseReader.cellule_id == case.cellule_id, CaseReader.case_id == case.id, CaseReader.ended_at.is_(None)
    )
    return db.session().scalars(wanted.order_by(CaseReader.id)).all()


def current_ids(case: Case) -> tuple[frozenset[int], frozenset[int]]:
    """Return the people and the organisations named today."""
    rows = list_current(case)
    people = frozenset(row.user_id for row in rows if row.user_id is not None)
    return people, frozenset(row.organisation_id for row in rows if row.organisation_id is not None)
