"""What a written consultation has besides its frame, which is a `Meeting` of kind `WRITTEN`."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pdp.accounts.enums import Silence
from pdp.core.db import Base


class Consultation(Base):
    """The rules of one consultation, frozen at its opening, and the reminders sent.

    Who received a reminder is not stored: those seats that had not answered at its instant.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        UniqueConstraint("meeting_id"),
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    meeting_id: Mapped[int]
    silence: Mapped[Silence]
    extended_at: Mapped[datetime | None]
    extension_reason: Mapped[str] = mapped_column(default="")
    half_reminded_at: Mapped[datetime | None]
    eve_reminded_at: Mapped[datetime | None]
    # The last reminder sent by hand.
    relanced_at: Mapped[datetime | None]

    @property
    def last_reminder(self) -> datetime | None:
        """Return the newest reminder, sent by the scheduler or by hand."""
        sent = (self.half_reminded_at, self.eve_reminded_at, self.relanced_at)
        return max(filter(None, sent), default=None)
