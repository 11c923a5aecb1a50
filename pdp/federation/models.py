"""Identities of a provider linked to our accounts, the answers already used, and the sign-ins they proved."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.core.db import Base, Public
from pdp.core.sealed import EncryptedText


class LinkedIdentity(Public, Base):
    """Who a person is at a provider: `issuer` and `subject` alone, never an address nor a name.

    The row goes when it is unlinked; the journal keeps that it was.
    """

    __tablename__ = "linked_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    # How the provider calls the account, for its holder to know it again.
    shown_as: Mapped[str] = mapped_column(String(200))
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class ProviderReturn(Base):
    """An answer brought back by a browser: used once. To link, the identity it proved waits here for a yes."""

    __tablename__ = "provider_return"

    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    # The sign-in that asked to link, and who the provider said it was.
    user_session_id: Mapped[int | None] = mapped_column(ForeignKey("user_session.id", ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    shown_as: Mapped[str | None] = mapped_column(String(200))


class ProviderSignIn(Public, Base):
    """What a provider said of a sign-in: facts, and its own token to end the session there. It opens no right."""

    __tablename__ = "provider_sign_in"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    user_session_id: Mapped[int] = mapped_column(ForeignKey("user_session.id", ondelete="CASCADE"), unique=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("linked_identity.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    acr: Mapped[str] = mapped_column(String(200))
    amr: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str] = mapped_column(String(20))
    idp_id: Mapped[str] = mapped_column(String(80))
    id_token: Mapped[str] = mapped_column(EncryptedText("provider_sign_in.id_token"))
