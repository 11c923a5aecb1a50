"""What keeps a person from being merged: a case of theirs is kept for a dispute."""

from collections.abc import Sequence

from sqlalchemy import select

from pdp.core import db
from pdp.retention.models import RetentionHold

_HELD = (
    "L’une de ces deux personnes ne peut pas être fusionnée pour l’instant. "
    "Adressez-vous au délégué à la protection des données."
)


def objection(cellule_id: int, _person_id: int, case_ids: Sequence[int]) -> str | None:
    """Answer `merging.hooks.blockers`; the sentence does not say which case, which its reader may not know of."""
    held = select(RetentionHold.id).where(
        RetentionHold.cellule_id == cellule_id, RetentionHold.case_id.in_(case_ids), RetentionHold.lifted_at.is_(None)
    )
    return _HELD if db.session().scalar(held.limit(1)) is not None else None
