"""What the insured contests of a case, what was decided of it, and who was told."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.core.db import Base, Public
from pdp.core.sealed import EncryptedText
from pdp.policy.labels import Label
from pdp.privacy.enums.notices import RecipientNews, RectificationOutcome


class Rectification(Public, Base):
    """What the person contests of one label of a case, in its words, sealed (art. 16 RGPD). Only added to."""

    __tablename__ = "rectification"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        UniqueConstraint("cellule_id", "id"),
        Index("ix_rectification_case", "cellule_id", "case_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    label: Mapped[Label]
    # Which information of that label, and what the person says of it.
    field: Mapped[str] = mapped_column(EncryptedText("rectification.field"))
    statement: Mapped[str] = mapped_column(EncryptedText("rectification.statement"))
    asked_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql")
    decision: Mapped["RectificationDecision | None"] = relationship(
        lazy="raise_on_sql", viewonly=True, back_populates="rectification"
    )


class RectificationDecision(Public, Base):
    """What was decided, once, of what the person contests; the label is that of the rectification."""

    __tablename__ = "rectification_decision"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "rectification_id"], ["rectification.cellule_id", "rectification.id"]),
        UniqueConstraint("rectification_id"),
        Index("ix_rectification_decision_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    rectification_id: Mapped[int]
    label: Mapped[Label]
    outcome: Mapped[RectificationOutcome]
    reason: Mapped[str] = mapped_column(EncryptedText("rectification_decision.reason"))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]

    rectification: Mapped[Rectification] = relationship(lazy="raise_on_sql", viewonly=True, back_populates="decision")
    decided_by: Mapped[User] = relationship(lazy="raise_on_sql")


class RecipientNotice(Public, Base):
    """That an organisation which took files out was told of a correction, or of a restriction (art. 19 RGPD).

    It names no person: the organisation finds its files by the register of what left. Only added to.
    """

    __tablename__ = "recipient_notice"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_recipient_notice_org", "organisation_id", "cellule_id", "id"),
        Index("ix_recipient_notice_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    news: Mapped[RecipientNews]
    # The label that was corrected; none when the whole case is concerned.
    label: Mapped[Label | None]
    told_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
