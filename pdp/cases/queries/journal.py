"""The journal of one case, with the names of those who acted, resolved only to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pdp.accounts.models import Organisation, User
from pdp.audit.models import AuditEntry
from pdp.audit.queries import list_case_entries
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


def list_journal(case: Case, *, user_id: int | None, skip: int = 0, limit: int = 50) -> Sequence[JournalRow]:
    """Return the entries of a case, newest first; those of one user only when `user_id` is given.

    `skip` entries are left out first.
    """
    entries = list_case_entries(case.cellule_id, case.id, user_id=user_id, limit=skip + limit)[skip:]
    names = _names({entry.user_id for entry in entries})
    organisations = _organisations({entry.organisation_id for entry in entries})
    return [_row(entry, names, organisations) for entry in entries]


def _row(entry: AuditEntry, names: dict[int, str], organisations: dict[int, str]) -> JournalRow:
    return JournalRow(
        at=entry.at,
        name=names.get(entry.user_id or 0, "Traitement automatique"),
        organisation=organisations.get(entry.organisation_id or 0, ""),
        role=entry.role,
        action=entry.action,
        detail=entry.detail or {},
    )


def _names(ids: set[int | None]) -> dict[int, str]:
    rows = db.session().execute(select(User.id, User.given_name, User.family_name).where(User.id.in_(ids - {None})))
    return {row.id: f"{row.given_name} {row.family_name}" for row in rows}


def _organisations(ids: set[int | None]) -> dict[int, str]:
    wanted = select(Organisation.id, Organisation.short_name).where(Organisation.id.in_(ids - {None}))
    return {row.id: row.short_name for row in db.session().execute(wanted)}
