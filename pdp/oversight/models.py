"""Alerts on accesses: what was noticed, who looked at it, and suspensions with their end."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base, Public
from pdp.oversight.enums import AlertKind
from pdp.policy.roles import Role


class AccessAlert(Public, Base):
    """One thing noticed of one account on one day (in metropolitan France).

    `round` numbers the suspensions of a day: a lifted one may be followed by another. `ends_at` and what
    follows belong to suspensions; the reason and the comment are the DPO's words.
    """

    __tablename__ = "access_alert"
    __table_args__ = (
        UniqueConstraint("cellule_id", "user_id", "day", "kind", "round"),
        Index("ix_access_alert_list", "cellule_id", "raised_at"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role]
    kind: Mapped[AlertKind]
    day: Mapped[date]
    round: Mapped[int] = mapped_column(Integer, default=1)
    # What was counted when the alert was raised, and the threshold that it reached.
    counted: Mapped[int] = mapped_column(Integer)
    threshold: Mapped[int] = mapped_column(Integer)
    raised_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lift_reason: Mapped[str] = mapped_column(String(1000), default="")
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    comment: Mapped[str] = mapped_column(String(1000), default="")
