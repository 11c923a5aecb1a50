"""The journal: append-only, ids only, sealed by segments of one cellule and one month."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import JOURNAL_TABLE, Base, BigId


class AuditSegment(Base):
    """The chain of one cellule (0 for none) in one month: where it stands, and its end once destroyed.

    `sealed` is false for the rows written before the journal was sealed: they are numbered, not chained.
    `last_sequence` is also their count, `last_seal` the seal of the last one. Triggers let a segment only
    move forward, and be destroyed once when the database's own clock says that it is old enough.
    """

    __tablename__ = "audit_segment"
    __table_args__ = (UniqueConstraint("cellule_key", "month", "sealed"),)

    cellule_key: Mapped[int] = mapped_column(BigId)
    # Calendar month in metropolitan France, as 2026-11.
    month: Mapped[str] = mapped_column(String(7))
    sealed: Mapped[bool]
    key_id: Mapped[int]
    last_sequence: Mapped[int]
    last_seal: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    # What the last anchor said; the anchors' file is the proof, this is for the pages.
    anchored_sequence: Mapped[int | None]
    anchored_at: Mapped[datetime | None]
    destroyed_at: Mapped[datetime | None]
    certificate: Mapped[str | None] = mapped_column(String(80))


class AuditEntry(Base):
    """Who did what to which object, when, in which request. Never a name, never a text.

    There are no foreign keys on purpose: the journal outlives what it speaks of.
    """

    __tablename__ = JOURNAL_TABLE
    __table_args__ = (
        Index("ix_audit_entry_case", "cellule_id", "case_id", "id"),
        Index("ix_audit_entry_user", "user_id", "at", "case_id"),
        Index("uq_audit_entry_segment_id_sequence", "segment_id", "sequence", unique=True),
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
    # Its place in the chain: the segment, its number there from 1, and its seal (HMAC-SHA256, hexadecimal).
    segment_id: Mapped[int | None] = mapped_column(BigId)
    sequence: Mapped[int | None] = mapped_column(BigId)
    seal: Mapped[str | None] = mapped_column(String(64))
