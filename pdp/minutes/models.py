"""Composed minutes: their editions, numbered versions, files, and the register of what became of them."""

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
from pdp.minutes.enums import EventReason, MinutesEventKind


class Minutes(Public, Base):
    """An edition of the minutes of a séance: numbered per cellule and year, hashed; append-only.

    The first edition is composed once; each erratum is one more, which names in `replaces_id` the one it replaces.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("cellule_id", "year", "number", "edition"),
        UniqueConstraint("meeting_id", "edition"),
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    year: Mapped[int]
    number: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1, server_default="1")
    # SQLite adds no key to a column: this one has none.
    replaces_id: Mapped[int | None]
    composed_at: Mapped[datetime]
    composed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    @property
    def reference(self) -> str:
        """Return the number as printed: 2026-03, then 2026-03-E1 with the first erratum."""
        return f"{self.year}-{self.number:02}" + (f"-E{self.edition - 1}" if self.edition > 1 else "")


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


class MinutesEvent(Public, Base):
    """One line of the register of minutes: what became of an edition, or of one version of it; append-only.

    No line holds a text. A sending is prepared with its hour of leaving in `due_at`; an objections window with
    its end. The last line of a kind says where things stand (`pdp.minutes.standing`). `organisation_id` is the
    recipient's, null for the core; `user_id` who did it, null for a job.
    """

    __tablename__ = "minutes_event"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "minutes_id"], ["minutes.cellule_id", "minutes.id"]),
        ForeignKeyConstraint(["cellule_id", "version_id"], ["minutes_version.cellule_id", "minutes_version.id"]),
        UniqueConstraint("once"),
        Index("ix_minutes_event_minutes", "cellule_id", "minutes_id", "id"),
        Index("ix_minutes_event_due", "cellule_id", "kind", "due_at"),
    )

    cellule_id: Mapped[int]
    minutes_id: Mapped[int]
    version_id: Mapped[int | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[MinutesEventKind]
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    reason: Mapped[EventReason | None]
    # A file that was taken: its format and its seal.
    format: Mapped[str] = mapped_column(String(10), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    # What may be written a single time: a sending that left, a first opening.
    once: Mapped[str | None] = mapped_column(String(80))


class MinutesObjection(Public, Base):
    """What a member or a recipient objects to in an edition, in words for the coordinator.

    The text goes with the case: it may speak of any point of the séance.
    """

    __tablename__ = "minutes_objection"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "minutes_id"], ["minutes.cellule_id", "minutes.id"]),
        Index("ix_minutes_objection_minutes", "cellule_id", "minutes_id", "id"),
    )

    cellule_id: Mapped[int]
    minutes_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    text: Mapped[str]
