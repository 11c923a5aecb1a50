"""Who is convened to a séance, what they were told, and what they answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Membership, Seat
from pdp.convocations.enums import Answer, AnswerChannel
from pdp.core.db import Base, Public, Versioned


class Convocation(Public, Versioned, Base):
    """A person convened to a séance: one row for good, so that their calendar keeps one entry.

    It is found by the link of its mail before anybody signed in: it names colleagues and no insured person.
    """

    __tablename__ = "convocation"
    __table_args__ = (
        UniqueConstraint("meeting_id", "membership_id"),
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime]
    # What the person was last told: a partner is told of the time of its own cases only.
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    # A fingerprint of the points that concern the person, as last told.
    agenda_mark: Mapped[str] = mapped_column(String(64))
    # The number of its calendar entry: it grows with each change and with a cancellation.
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    cancelled_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    answer: Mapped[Answer | None]
    # The other time asked for, in a few words.
    wish: Mapped[str] = mapped_column(String(140), default="")
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    answered_at: Mapped[datetime | None]
    channel: Mapped[AnswerChannel | None]
    reminded_at: Mapped[datetime | None]

    seat: Mapped[Seat] = relationship(lazy="raise_on_sql", foreign_keys=[seat_id])
    membership: Mapped[Membership] = relationship(lazy="raise_on_sql", foreign_keys=[membership_id])
    substitute: Mapped[Membership | None] = relationship(lazy="raise_on_sql", foreign_keys=[substitute_id])
