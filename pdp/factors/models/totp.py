"""One-time codes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base, Public
from pdp.core.sealed import EncryptedText


class TotpFactor(Public, Base):
    """An application that shows codes, proved once. The row goes with the factor; the journal keeps that it was."""

    __tablename__ = "totp_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    # In base 32, bound to the person: copied to another account, it does not open.
    secret: Mapped[str] = mapped_column(EncryptedText("totp_factor.secret"))
    name: Mapped[str] = mapped_column(String(60))
    confirmed_at: Mapped[datetime]
    # The last step whose code was accepted: none up to it is accepted again, whatever the process.
    last_step: Mapped[int]
    last_used_at: Mapped[datetime | None]

    @property
    def added_at(self) -> datetime:
        """Return when its first code was typed."""
        return self.confirmed_at
