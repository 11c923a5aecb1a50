"""Passkeys, and the challenges put to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.core.db import Base, Public
from pdp.factors.enums import ChallengePurpose


class Passkey(Public, Base):
    """A key that a person's device keeps: we hold its public half, and how often it says it was used."""

    __tablename__ = "passkey"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    # The device's own name for the key, in base64url: 1,023 bytes at most by the standard.
    handle: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    transports: Mapped[str] = mapped_column(String(80))
    # Whether the device's maker keeps a copy of it: it then outlives the device.
    backed_up: Mapped[bool]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")

    @property
    def added_at(self) -> datetime:
        """Return when the person registered it."""
        return self.created_at


class PasskeyChallenge(Base):
    """A number drawn for one answer of one browser, kept where every process may check it. Only hashes are stored."""

    __tablename__ = "passkey_challenge"

    challenge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The hash of the sign-in's token, or of the number that this browser's cookie holds before any sign-in.
    holder_hash: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[ChallengePurpose]
    expires_at: Mapped[datetime] = mapped_column(index=True)
