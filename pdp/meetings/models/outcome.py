"""What follows from an item: opinion, decision, actions."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, and_, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.core.db import Base, Public, Versioned
from pdp.meetings.enums import ActionKind, ActionState, DecisionOutcome, OpinionCode
from pdp.meetings.models.correction import OpinionCorrection


class CelluleOpinion(Public, Base):
    """The opinion of the cellule on one item; append-only (label `opinion`).

    `code`, `conditions`, `reasons` and `explanation` are what holds: the columns as first recorded, unless a
    correction that two people made says otherwise. What was first recorded stays under `first_…`.
    """

    __tablename__ = "cellule_opinion"
    __table_args__ = (
        UniqueConstraint("item_id"),
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    first_code: Mapped[OpinionCode] = mapped_column("code")
    first_conditions: Mapped[str] = mapped_column("conditions", default="")
    first_reasons: Mapped[str] = mapped_column("reasons", default="")
    # Why this opinion follows from the votes and the pieces, in words.
    first_explanation: Mapped[str] = mapped_column("explanation", default="")
    dissent: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    correction: Mapped[OpinionCorrection | None] = relationship(
        primaryjoin=lambda: and_(
            foreign(OpinionCorrection.item_id) == CelluleOpinion.item_id, OpinionCorrection.holds.is_(True)
        ),
        lazy="joined",
        uselist=False,
        viewonly=True,
    )

    @hybrid_property
    def code(self) -> OpinionCode:
        """What the cellule is held to have said."""
        return self.correction.code if self.correction else self.first_code

    @code.inplace.setter
    def _record_code(self, code: OpinionCode) -> None:
        self.first_code = code

    @code.inplace.expression
    @classmethod
    def _code_that_holds(cls) -> ColumnElement[OpinionCode]:
        corrected = (
            select(OpinionCorrection.code)
            .where(OpinionCorrection.item_id == cls.item_id, OpinionCorrection.holds.is_(True))
            .correlate_except(OpinionCorrection)
            .scalar_subquery()
        )
        return func.coalesce(corrected, cls.first_code)

    @property
    def conditions(self) -> str:
        """The conditions of the opinion that holds."""
        return self.correction.conditions if self.correction else self.first_conditions

    @conditions.setter
    def conditions(self, text: str) -> None:
        self.first_conditions = text

    @property
    def reasons(self) -> str:
        """The reasons of the opinion that holds."""
        return self.correction.reasons if self.correction else self.first_reasons

    @reasons.setter
    def reasons(self, text: str) -> None:
        self.first_reasons = text

    @property
    def explanation(self) -> str:
        """Why the opinion that holds follows from the votes."""
        return self.correction.explanation if self.correction else self.first_explanation

    @explanation.setter
    def explanation(self, text: str) -> None:
        self.first_explanation = text


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
    """A thing to do that follows from a séance (label `action`): a task, a condition of the opinion, a thing awaited.

    A condition is « levée » when it is done. `note` is what its owner said of it; `returned_on`, the day on which
    it sent the request back to those to be scheduled.
    """

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
    kind: Mapped[ActionKind] = mapped_column(default=ActionKind.TASK, server_default=ActionKind.TASK.value)
    note: Mapped[str] = mapped_column(default="", server_default="")
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # The last step of the reminders that was told, in working days after the due date; 0 before the first.
    reminded_step: Mapped[int] = mapped_column(default=0, server_default="0")
    reminded_on: Mapped[date | None]
    returned_on: Mapped[date | None]

    owner: Mapped[Organisation] = relationship(lazy="raise_on_sql")
