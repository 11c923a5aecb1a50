"""The journal of one case, with the names of those who acted, resolved only to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pdp.accounts.models import Organisation, User
from pdp.audit.models import AuditEntry
from pdp.cases.models import Case
from pdp.core import db


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry: when, who (name and organisation), what."""

    at: datetime
    name: str
    organisation: str
    role: str | None
    action: str
    detail: dict[str, Any]
    refused: bool


def list_journal(case: Case, *, user_id: int | None, skip: int = 0, limit: int = 50) -> Sequence[JournalRow]:
    """Return the entries of a case, newest first; those of one user only when `user_id` is given.

    `skip` entries are left out first. One statement.
    """
    wanted = (
        select(
            AuditEntry.at,
            AuditEntry.role,
            AuditEntry.action,
            AuditEntry.detail,
            AuditEntry.refused,
            User.given_name,
            User.family_name,
            Organisation.short_name,
        )
        .outerjoin(User, User.id == AuditEntry.user_id)
        .outerjoin(Organisation, Organisation.id == AuditEntry.organisation_id)
        .where(AuditEntry.cellule_id == case.cellule_id, AuditEntry.case_id == case.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .offset(skip)
        .limit(limit)
    )
    if user_id is not None:
        wanted = wanted.where(AuditEntry.user_id == user_id)
    return [
        JournalRow(
            at=row.at,
            name=f"{row.given_name} {row.family_name}" if row.family_name else "Traitement automatique",
            organisation=row.short_name or "",
            role=row.role,
            action=row.action,
            detail=row.detail or {},
            refused=row.refused,
        )
        for row in db.session().execute(wanted)
    ]
