"""Who sits where during a séance."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Membership, Seat
from pdp.core.db import Base, Public, Versioned
from pdp.meetings.enums import AttendanceMode, AttendanceState


class Attendance(Public, Versioned, Base):
    """Who sits in a seat during a séance, how, from when to when."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "seat_id"),
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
        Index("ix_attendance_meeting", "cellule_id", "meeting_id"),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    state: Mapped[AttendanceState]
    mode: Mapped[AttendanceMode | None]
    # For REPRESENTED: the seat whose holder carries the proxy.
    proxy_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    seat: Mapped[Seat] = relationship(lazy="raise_on_sql", foreign_keys=[seat_id])
    membership: Mapped[Membership | None] = relationship(lazy="raise_on_sql")
