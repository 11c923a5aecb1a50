"""What came to a person after a merge."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select

from pdp.cases.models import Case
from pdp.core import db
from pdp.merging.models import PersonMerge


def list_cases_since(merge: PersonMerge, known: Collection[int], visible: ColumnElement[bool]) -> Sequence[Case]:
    """Return the cases of the kept person that the merge did not know of, oldest first."""
    wanted = select(Case).where(
        Case.cellule_id == merge.cellule_id, Case.person_id == merge.kept_id, Case.id.not_in(known), visible
    )
    return db.session().scalars(wanted.order_by(Case.id)).all()
