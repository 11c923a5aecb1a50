"""A correction after a ballot closed: proposed by one person of the core, confirmed by another."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.core.db import Base, Public
from pdp.meetings.enums import CorrectionState, OpinionCode

_HOLDS = text("holds")
_WAITS = text("state = 'WAITING'")


class OpinionCorrection(Public, Base):
    """What was wrong in a closed ballot or in its opinion, and what holds once another person confirmed it.

    The ballot, its votes and the first opinion stay as they are. Only the decision is written after the
    proposal; at most one correction of an item waits, and one holds (labels `ballot` and `opinion`).
    """

    __tablename__ = "opinion_correction"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        CheckConstraint("state <> 'CONFIRMED' OR decided_by_id <> proposed_by_id", name="another_confirms"),
        Index("uq_opinion_correction_holds", "item_id", unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS),
        Index("uq_opinion_correction_waits", "item_id", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_opinion_correction_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    case_id: Mapped[int]
    # Why it is corrected: what was wrong, and how it came to light.
    reason: Mapped[str]
    # For each seat whose answer was wrong: its key, what was counted, what should have been; null: nobody answered.
    changes: Mapped[list[tuple[int, str | None, str | None]]] = mapped_column(JSON)
    # What is to be read in place of the opinion that held.
    code: Mapped[OpinionCode]
    conditions: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    explanation: Mapped[str]
    quorum_sentence: Mapped[str]
    # The opinion that held when this was proposed.
    former_code: Mapped[OpinionCode]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    state: Mapped[CorrectionState]
    holds: Mapped[bool] = mapped_column(default=False, server_default=false())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(default="", server_default="")

    proposed_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[decided_by_id])
