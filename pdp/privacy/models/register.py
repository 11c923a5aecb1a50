"""The register of what insured persons ask under their rights: codes and dates, never a word about them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.cases.models import Case
from pdp.core.db import Base, BigId, Public, Versioned
from pdp.privacy.enums.register import (
    AnswerMeans,
    Channel,
    ExtensionReason,
    IdentityProof,
    RefusalReason,
    RequestState,
    RightKind,
)


class RightsRequest(Public, Versioned, Base):
    """A request of an insured person. Without a case, the person is unknown to the cellule.

    It holds no free text and no name: whoever keeps the register reads all of it, the DPO included.
    `due_on` is the deadline as computed from the other dates, None while it is suspended or once it is over.
    """

    __tablename__ = "rights_request"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("cellule_id", "reference"),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_rights_request_due", "cellule_id", "closed_on", "due_on", "id"),
        Index("ix_rights_request_case", "cellule_id", "case_id", "id"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    case_id: Mapped[int | None] = mapped_column(BigId)
    reference: Mapped[str] = mapped_column(String(20))
    kind: Mapped[RightKind]
    channel: Mapped[Channel]
    received_on: Mapped[date]
    identity_proof: Mapped[IdentityProof]
    identity_asked_on: Mapped[date | None]
    identity_given_on: Mapped[date | None]
    state: Mapped[RequestState]
    due_on: Mapped[date | None]
    extended_on: Mapped[date | None]
    extension_reason: Mapped[ExtensionReason | None]
    closed_on: Mapped[date | None]
    answer_means: Mapped[AnswerMeans | None]
    refusal_reason: Mapped[RefusalReason | None]
    reminded_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    case: Mapped[Case | None] = relationship(lazy="raise_on_sql", viewonly=True)
