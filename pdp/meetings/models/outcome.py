"""What follows from an item: opinion, decision, actions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.core.db import Base, Public, Versioned
from pdp.meetings.enums import ActionState, DecisionOutcome, OpinionCode


class CelluleOpinion(Public, Base):
    """The opinion of the cellule on one item; append-only (label `opinion`)."""

    __tablename__ = "cellule_opinion"
    __table_args__ = (
        UniqueConstraint("item_id"),
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    code: Mapped[OpinionCode]
    conditions: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    # Why this opinion follows from the votes and the pieces, in words.
    explanation: Mapped[str] = mapped_column(default="")
    dissent: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class FundDecision(Public, Base):
    """What the deciding body decided on a request; append-only (label `decision`)."""

    __tablename__ = "fund_decision"
    __table_args__ = (
        UniqueConstraint("request_id"),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
    )

    cellule_id: Mapped[int]
    request_id: Mapped[int]
    deciding_body: Mapped[str]
    outcome: Mapped[DecisionOutcome]
    decided_on: Mapped[date]
    reasons: Mapped[str] = mapped_column(default="")
    appeal_routes: Mapped[str] = mapped_column(default="")
    notified_on: Mapped[date | None]
    # The caisse's accord préalable, recorded beside (L. 323-3-1 CSS).
    prior_approval_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql")


class Action(Public, Versioned, Base):
    """A thing to do that follows from a séance (label `action`)."""

    __tablename__ = "action"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_action_owner", "owner_organisation_id", "state", "due_on"),
        Index("ix_action_item", "cellule_id", "item_id"),
        Index("ix_action_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    case_id: Mapped[int]
    owner_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[ActionState]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    owner: Mapped[Organisation] = relationship(lazy="raise_on_sql")
