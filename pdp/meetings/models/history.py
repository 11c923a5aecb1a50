"""What happened to each seat during a séance, line after line."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base
from pdp.meetings.enums import AttendanceMode, PresenceKind


class AttendanceEvent(Base):
    """An arrival, a departure, a return…; append-only. `attendance` holds where the seat stands after the last.

    A wrong entry is never changed: a later event names it in `corrects_id`, and both stay.
    """

    __tablename__ = "attendance_event"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
        Index("ix_attendance_event_meeting", "cellule_id", "meeting_id", "id"),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    kind: Mapped[PresenceKind]
    # Who sits from then on, or who left; null when nobody is named.
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    mode: Mapped[AttendanceMode | None]
    proxy_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    # The item under discussion; no key, since an item may go with its case and the history may not change.
    item_id: Mapped[int | None]
    at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_event.id"))
