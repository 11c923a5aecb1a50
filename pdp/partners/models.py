"""Invitations: a person of a partner organisation, on the way in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Cellule, Organisation
from pdp.core.db import Base, Public
from pdp.policy.roles import Role


class Invitation(Public, Base):
    """An invitation: the link holds the token, the row its hash; used once, within a week."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_organisation", "cellule_id", "organisation_id", "id"),)

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role]
    email: Mapped[str] = mapped_column(String(254))
    given_name: Mapped[str]
    family_name: Mapped[str]
    job_title: Mapped[str] = mapped_column(default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    # Wrong passwords typed on it: past a few, it is worth nothing.
    failures: Mapped[int] = mapped_column(Integer, default=0)

    cellule: Mapped[Cellule] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
