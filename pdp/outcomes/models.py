"""What became of a request."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.core.db import Base, Public
from pdp.dispositifs.enums import StatusGroup
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode


class RequestOutcome(Public, Base):
    """An outcome observed on a date (label `outcome`). Append-only: the newest one holds."""

    __tablename__ = "request_outcome"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        Index("ix_request_outcome_request", "cellule_id", "request_id", "id"),
    )

    cellule_id: Mapped[int]
    request_id: Mapped[int]
    status_group: Mapped[StatusGroup]
    code: Mapped[OutcomeCode]
    # Independent of the code: a person in category 1 invalidity may work.
    in_work: Mapped[bool]
    result: Mapped[MeasureResult]
    conclusion: Mapped[MeasureConclusion | None]
    observed_on: Mapped[date]
    comment: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql")
