"""Read the journal of one case."""

from collections.abc import Sequence

from sqlalchemy import select

from pdp.audit.models import AuditEntry
from pdp.core import db


def list_case_entries(
    cellule_id: int, case_id: int, *, user_id: int | None = None, before: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """Return the entries of a case, newest first; those of one user only when `user_id` is given.

    `before` is the id after which to go on (keyset).
    """
    entries = select(AuditEntry).where(AuditEntry.cellule_id == cellule_id, AuditEntry.case_id == case_id)
    if user_id is not None:
        entries = entries.where(AuditEntry.user_id == user_id)
    if before is not None:
        entries = entries.where(AuditEntry.id < before)
    return db.session().scalars(entries.order_by(AuditEntry.id.desc()).limit(limit)).all()
