"""How long cases are kept: dated settings, contacts, holds, deletions, runs, and the counts that stay."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base, BigId, Public, Versioned
from pdp.retention.enums import ContactMeans, ErasureState, RunState, StopReason

_HIDDEN = text("state = 'hidden'")


class RetentionRules(Public, Base):
    """What the cellule decided, from a date on; only added to. Periods in months and days."""

    __tablename__ = "retention_rules"
    __table_args__ = (UniqueConstraint("cellule_id", "valid_from"),)

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    valid_from: Mapped[date]
    months: Mapped[int] = mapped_column(Integer)
    notice_days: Mapped[int] = mapped_column(Integer)
    hidden_days: Mapped[int] = mapped_column(Integer)
    cap_percent: Mapped[int] = mapped_column(Integer)
    cap_cases: Mapped[int] = mapped_column(Integer)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]


class RetentionContact(Public, Base):
    """A contact with the person after the end of the case: it moves the clock. Only added to."""

    __tablename__ = "retention_contact"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_retention_contact_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    contacted_on: Mapped[date]
    means: Mapped[ContactMeans]
    reason: Mapped[str] = mapped_column(String(500))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class RetentionHold(Public, Versioned, Base):
    """A case kept for a dispute: reviewed every year, lifted by a second person."""

    __tablename__ = "retention_hold"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_retention_hold_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    placed_on: Mapped[date]
    review_on: Mapped[date]
    reviewed_on: Mapped[date | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lift_reason: Mapped[str] = mapped_column(String(500), default="")
    lift_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lift_asked_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]


class CaseErasure(Public, Base):
    """The deletion of a case: hidden, then brought back or erased. It outlives the case: no foreign key to it.

    The database lets it move forward only, and lets the rows of a case go only while it says `erasing`.
    """

    __tablename__ = "case_erasure"
    __table_args__ = (
        Index("ix_case_erasure_case", "cellule_id", "case_id"),
        Index("uq_case_erasure_hidden", "case_id", unique=True, sqlite_where=_HIDDEN, postgresql_where=_HIDDEN),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    case_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[ErasureState]
    last_contact_on: Mapped[date]
    hidden_at: Mapped[datetime]
    erase_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    # Who brought it back; nobody decides an erasure alone, the job carries it out.
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # Keyed fingerprints of the case and of its person, for a backup that comes back.
    case_mark: Mapped[str] = mapped_column(String(64))
    person_mark: Mapped[str] = mapped_column(String(64))
    certificate: Mapped[str | None] = mapped_column(String(80))
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # When the line of the erasures' file was written.
    written_at: Mapped[datetime | None]


class RetentionRun(Public, Base):
    """One passage over a cellule: what it found, what it did, why it stopped and who confirmed."""

    __tablename__ = "retention_run"
    __table_args__ = (Index("ix_retention_run_list", "cellule_id", "id"),)

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    at: Mapped[datetime]
    state: Mapped[RunState]
    stop: Mapped[StopReason | None]
    detail: Mapped[str] = mapped_column(String(500), default="")
    base: Mapped[int] = mapped_column(Integer)
    cap: Mapped[int] = mapped_column(Integer)
    to_hide: Mapped[int] = mapped_column(Integer)
    to_erase: Mapped[int] = mapped_column(Integer)
    hidden: Mapped[int] = mapped_column(Integer, default=0)
    erased: Mapped[int] = mapped_column(Integer, default=0)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    coordinator_at: Mapped[datetime | None]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    officer_at: Mapped[datetime | None]


class ClosedCaseTally(Base):
    """What statistics keep of erased cases: counts, one figure apart from the next, nothing that links them."""

    __tablename__ = "closed_case_tally"
    __table_args__ = (
        UniqueConstraint(
            "cellule_id", "measure", "month", "status_group", "dispositif", "code", name="uq_closed_case_tally_line"
        ),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    measure: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7))
    status_group: Mapped[str] = mapped_column(String(40))
    dispositif: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    count: Mapped[int] = mapped_column(Integer)


class MinutesReseal(Base):
    """That a point of stored minutes was emptied: which seal took the place of which. Only added to."""

    __tablename__ = "minutes_reseal"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "version_id"], ["minutes_version.cellule_id", "minutes_version.id"]),
        Index("ix_minutes_reseal_version", "cellule_id", "version_id"),
    )

    cellule_id: Mapped[int]
    version_id: Mapped[int]
    # The erased case, by its former key: it exists no more.
    case_id: Mapped[int] = mapped_column(BigId)
    # `content` for the neutral document, else the format of a file.
    part: Mapped[str] = mapped_column(String(10))
    old_hash: Mapped[str] = mapped_column(String(64))
    new_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ErasureStep(Base):
    """One step of the erasure of a case, in order: written by migrations, read by both engines.

    Rows of `table_name` under `condition` are deleted, or changed as `assignment` says.
    """

    __tablename__ = "erasure_step"
    __table_args__ = (UniqueConstraint("position"),)

    position: Mapped[int] = mapped_column(Integer)
    table_name: Mapped[str] = mapped_column(String(63))
    condition: Mapped[str] = mapped_column(Text)
    assignment: Mapped[str] = mapped_column(Text)
