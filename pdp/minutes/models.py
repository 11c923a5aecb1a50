"""Composed minutes: numbered versions and the register of their files."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from pdp.core.db import Base, Public


class Minutes(Public, Base):
    """The minutes of a séance, composed once: numbered per cellule and year, hashed; append-only."""

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("cellule_id", "year", "number"),
        UniqueConstraint("meeting_id"),
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    year: Mapped[int]
    number: Mapped[int]
    composed_at: Mapped[datetime]
    composed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    @property
    def reference(self) -> str:
        """Return the number as printed: 2026-03."""
        return f"{self.year}-{self.number:02}"


class MinutesVersion(Public, Base):
    """One recipient's version of the minutes; append-only. A null organisation is the complete one."""

    __tablename__ = "minutes_version"
    __table_args__ = (
        UniqueConstraint("minutes_id", "organisation_id"),
        UniqueConstraint("cellule_id", "id"),
        ForeignKeyConstraint(["cellule_id", "minutes_id"], ["minutes.cellule_id", "minutes.id"]),
    )

    cellule_id: Mapped[int]
    minutes_id: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # The redacted neutral document, and the SHA-256 of its canonical form.
    content: Mapped[dict[str, Any]] = deferred(mapped_column(JSON))
    content_hash: Mapped[str] = mapped_column(String(64))


class MinutesFile(Public, Base):
    """A rendered file of a version, with its own SHA-256; append-only."""

    __tablename__ = "minutes_file"
    __table_args__ = (
        UniqueConstraint("version_id", "format"),
        ForeignKeyConstraint(
            ["cellule_id", "version_id"],
            ["minutes_version.cellule_id", "minutes_version.id"],
        ),
        Index("ix_minutes_file_version", "cellule_id", "version_id"),
    )

    cellule_id: Mapped[int]
    version_id: Mapped[int]
    format: Mapped[str] = mapped_column(String(10))
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    body: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    created_at: Mapped[datetime]
