"""Recovery of an account whose factors are lost: the request, and the two persons who vouch."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Membership, Organisation, User
from pdp.core.db import Base, BigId, Public
from pdp.factors.enums import Recognition, RecoveryState
from pdp.policy.roles import Role
from pdp.policy.vouching import RecoveryWay

_LIVE = text("ended_at IS NULL")


class FactorRecovery(Public, Base):
    """A request of a person who typed the right password and lost every factor. One at a time, for 24 hours."""

    __tablename__ = "factor_recovery"
    __table_args__ = (
        UniqueConstraint("id", "user_id"),
        Index("ix_factor_recovery_list", "cellule_id", "asked_at"),
        Index("uq_factor_recovery_live", "user_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    way: Mapped[RecoveryWay]
    # Six digits that the person says aloud, that each voucher types, and that the person types at the end. Shown
    # only to the sign-in that asked: who knows no more than the password never reads them.
    number: Mapped[str] = mapped_column(String(6))
    asked_in_id: Mapped[int] = mapped_column(BigId)
    wrong_numbers: Mapped[int] = mapped_column(default=0)
    state: Mapped[RecoveryState]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[user_id])
    membership: Mapped[Membership] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    vouchings: Mapped[list["FactorVouching"]] = relationship(
        lazy="raise_on_sql", back_populates="recovery", order_by="FactorVouching.id"
    )


class FactorVouching(Base):
    """A person who says to have recognised the one who asks: never oneself, never twice."""

    __tablename__ = "factor_vouching"
    __table_args__ = (
        ForeignKeyConstraint(["recovery_id", "user_id"], ["factor_recovery.id", "factor_recovery.user_id"]),
        UniqueConstraint("recovery_id", "voucher_id"),
        CheckConstraint("voucher_id <> user_id", name="another_person"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    recovery_id: Mapped[int] = mapped_column(BigId)
    # The person who asks, so that the database itself refuses one's own word.
    user_id: Mapped[int] = mapped_column(BigId)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # In which role, of which organisation: the pair is judged on them.
    voucher_role: Mapped[Role]
    voucher_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    voucher_manages: Mapped[bool]
    how: Mapped[Recognition]
    vouched_at: Mapped[datetime]

    recovery: Mapped[FactorRecovery] = relationship(lazy="raise_on_sql", back_populates="vouchings")
    voucher: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[voucher_id])
