"""Opinions asked of partners: rounds, who was asked, what was answered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.advice.enums import AdviceValue
from pdp.core.db import Base, Public, Versioned
from pdp.documents.models import Document
from pdp.requests.models import DispositifRequest


class AdviceRound(Public, Versioned, Base):
    """A question put to organisations about a request (label `request`)."""

    __tablename__ = "advice_round"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        Index("ix_advice_round_request", "cellule_id", "request_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    request_id: Mapped[int]
    question: Mapped[str]
    due_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]

    request: Mapped[DispositifRequest] = relationship(lazy="raise_on_sql", viewonly=True)
    asked_by: Mapped[User] = relationship(lazy="raise_on_sql")
    asks: Mapped[list["AdviceAsk"]] = relationship(lazy="raise_on_sql", order_by="AdviceAsk.id", viewonly=True)
    pieces: Mapped[list["AdvicePiece"]] = relationship(lazy="raise_on_sql", order_by="AdvicePiece.id", viewonly=True)


class AdvicePiece(Base):
    """A piece of the case joined to a question: it opens nothing that its reader may not open anyway."""

    __tablename__ = "advice_piece"
    __table_args__ = (
        UniqueConstraint("round_id", "document_id"),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "round_id"], ["advice_round.cellule_id", "advice_round.id"]),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    round_id: Mapped[int]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))

    document: Mapped[Document] = relationship(lazy="raise_on_sql", viewonly=True)


class AdviceAsk(Public, Versioned, Base):
    """The question as put to one organisation, and what became of it (label `request`)."""

    __tablename__ = "advice_ask"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("round_id", "organisation_id"),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "round_id"], ["advice_round.cellule_id", "advice_round.id"]),
        Index("ix_advice_ask_organisation", "organisation_id", "cellule_id", "round_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    round_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    revoked_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    declined_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decline_reason: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    replies: Mapped[list["AdviceReply"]] = relationship(lazy="raise_on_sql", order_by="AdviceReply.id", viewonly=True)


class AdviceReply(Public, Base):
    """An answer of an organisation (label `ballot`: its own). Append-only: the newest one holds."""

    __tablename__ = "advice_reply"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "ask_id"], ["advice_ask.cellule_id", "advice_ask.id"]),
        Index("ix_advice_reply_ask", "cellule_id", "ask_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    ask_id: Mapped[int]
    value: Mapped[AdviceValue]
    text: Mapped[str] = mapped_column(default="")
    late: Mapped[bool] = mapped_column(default=False)
    replied_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    replied_at: Mapped[datetime]

    replied_by: Mapped[User] = relationship(lazy="raise_on_sql")
