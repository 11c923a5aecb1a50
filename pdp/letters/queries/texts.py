"""Reads of the versions of texts."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from pdp.core import db
from pdp.letters.models import CelluleText


def list_current(cellule_id: int) -> Sequence[CelluleText]:
    """Return the last version of each text that the cellule wrote or changed, in the order of their first one."""
    last = (
        select(func.max(CelluleText.id))
        .where(CelluleText.cellule_id == cellule_id)
        .group_by(CelluleText.code)
        .scalar_subquery()
    )
    wanted = select(CelluleText).where(CelluleText.cellule_id == cellule_id, CelluleText.id.in_(last))
    return db.session().scalars(wanted.order_by(CelluleText.id)).all()


def list_versions(cellule_id: int, code: str) -> Sequence[CelluleText]:
    """Return the versions of a text, the last one first, with who saved each."""
    wanted = (
        select(CelluleText)
        .options(joinedload(CelluleText.saved_by, innerjoin=True))
        .where(CelluleText.cellule_id == cellule_id, CelluleText.code == code)
    )
    return db.session().scalars(wanted.order_by(CelluleText.edition.desc())).all()
