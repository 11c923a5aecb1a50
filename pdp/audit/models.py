"""The journal: append-only, ids only."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import JOURNAL_TABLE, Base, BigId


class AuditEntry(Base):
    """Who did what to which object, when, in which request. Never a name, never a text.

    There are no foreign keys on purpose: the journal outlives what it speaks of.
    """

    __tablename__ = JOURNAL_TABLE
    __table_args__ = (
        Index("ix_audit_entry_case", "cellule_id", "case_id", "id"),
        Index("ix_audit_entry_user", "user_id", "id"),
    )

    at: Mapped[datetime]
    cellule_id: Mapped[int | None] = mapped_column(BigId)
    user_id: Mapped[int | None] = mapped_column(BigId)
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    role: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(BigId)
    object_kind: Mapped[str | None] = mapped_column(String(40))
    object_id: Mapped[int | None] = mapped_column(BigId)
    request_id: Mapped[str | None] = mapped_column(String(40))
    refused: Mapped[bool] = mapped_column(default=False)
    # Codes, counts and ids that qualify the act (filter used, number of rows, values before/after).
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)
