"""Reviews of accesses: one per organisation of a cellule and half-year, a line per person."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Membership, Organisation
from pdp.core.db import Base, Public
from pdp.members.enums import LineDecision


class AccessReview(Public, Base):
    """The accesses of an organisation, to be confirmed one by one before a day."""

    __tablename__ = "access_review"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("cellule_id", "organisation_id", "period"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    period: Mapped[str] = mapped_column(String(7))
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None]


class AccessReviewLine(Public, Base):
    """One access of a review, and what was decided of it."""

    __tablename__ = "access_review_line"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "review_id"], ["access_review.cellule_id", "access_review.id"]),
        UniqueConstraint("review_id", "membership_id"),
    )

    cellule_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    review_id: Mapped[int]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    decision: Mapped[LineDecision | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    review: Mapped[AccessReview] = relationship(lazy="raise_on_sql", viewonly=True)
    membership: Mapped[Membership] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
