"""Restrictions of the processing: from their asking to their lifting."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.core.db import Base, Public, Versioned
from pdp.core.sealed import EncryptedText
from pdp.privacy.enums.notices import FreezeGround, NoticeMeans


class ProcessingFreeze(Public, Versioned, Base):
    """A restriction of the processing of a person, asked in one of its cases (art. 18 RGPD).

    While it holds, `insured_person.frozen_on` is set: that is what the policy, the SQL filters and row
    security read. The person is informed first (`informed_on`), the restriction is lifted after (art. 18, 3).
    """

    __tablename__ = "processing_freeze"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_processing_freeze_case", "cellule_id", "case_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    ground: Mapped[FreezeGround]
    detail: Mapped[str] = mapped_column(EncryptedText("processing_freeze.detail"))
    asked_on: Mapped[date]
    frozen_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    frozen_at: Mapped[datetime]
    # First step of the lifting: the person is told, and why.
    informed_on: Mapped[date | None]
    informed_means: Mapped[NoticeMeans | None]
    informed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    informed_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None] = mapped_column(EncryptedText("processing_freeze.lift_reason"))
    # Second step.
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]

    frozen_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[frozen_by_id])
    informed_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[informed_by_id])
    lifted_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[lifted_by_id])
