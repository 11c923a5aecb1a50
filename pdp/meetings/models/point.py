"""The points of a séance that are about no case."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base, Public, Versioned
from pdp.meetings.enums import PointKind, PointPlace


class AgendaPoint(Public, Versioned, Base):
    """A point about no case: approval of the minutes, review of actions, information.

    The resolution is read by every member, the discussion (label `ballot`) as that of an item.
    """

    __tablename__ = "agenda_point"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
        Index("ix_agenda_point_meeting", "cellule_id", "meeting_id"),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    kind: Mapped[PointKind]
    # Before the requests or after them; the requests keep their own positions.
    place: Mapped[PointPlace]
    rank: Mapped[int]
    title: Mapped[str]
    planned_minutes: Mapped[int]
    resolution: Mapped[str] = mapped_column(default="")
    discussion: Mapped[str] = mapped_column(default="")
    # The point of an earlier séance that was left without a resolution.
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_point.id"))
