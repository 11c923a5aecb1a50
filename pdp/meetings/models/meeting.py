"""The séance and its agenda."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Organisation
from pdp.core.db import Base, Public, Versioned
from pdp.meetings.enums import AgendaTraceKind, AgendaTrack, MeetingKind, MeetingStatus
from pdp.meetings.models.ballot import Ballot
from pdp.meetings.models.outcome import CelluleOpinion
from pdp.meetings.models.presence import Attendance
from pdp.requests.models import DispositifRequest


class Meeting(Public, Versioned, Base):
    """A séance of a cellule, or a written consultation: `kind` says which.

    A consultation opens at `starts_at` and takes votes until `ends_at`.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        Index("ix_meeting_calendar", "cellule_id", "starts_at", "id"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    kind: Mapped[MeetingKind] = mapped_column(default=MeetingKind.SEANCE, server_default=MeetingKind.SEANCE.value)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    video_link: Mapped[str] = mapped_column(default="")
    status: Mapped[MeetingStatus]
    # Who chairs holds a function for this séance, on top of an own role: it opens no label.
    chair_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(default="", server_default="")
    current_item_id: Mapped[int | None]
    # A break: since when, and until when if it was said.
    paused_at: Mapped[datetime | None]
    resumes_at: Mapped[datetime | None]
    # How many times its date, hour or place changed: the number of its calendar file.
    reschedulings: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    items: Mapped[list["AgendaItem"]] = relationship(
        lazy="raise_on_sql", order_by="AgendaItem.position", viewonly=True
    )
    attendances: Mapped[list["Attendance"]] = relationship(lazy="raise_on_sql", viewonly=True)


class AgendaItem(Public, Versioned, Base):
    """A request put on the agenda of a séance. Discussion notes carry the label `ballot`."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("meeting_id", "request_id"),
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        Index("ix_agenda_item_meeting", "cellule_id", "meeting_id", "position"),
        Index("ix_agenda_item_request", "cellule_id", "request_id"),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    request_id: Mapped[int]
    position: Mapped[int]
    planned_minutes: Mapped[int] = mapped_column(default=10)
    # The question as put to the members; frozen when the ballot opens.
    question: Mapped[str] = mapped_column(default="")
    discussion: Mapped[str] = mapped_column(default="")
    # The note has a version of its own: saving it must not make the other forms of the item stale.
    note_version: Mapped[int] = mapped_column(default=0, server_default="0")
    note_by_id: Mapped[int | None]
    note_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    # Time under discussion before `resumed_at`; the clock runs since then, and stands while that is null.
    spent_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    resumed_at: Mapped[datetime | None]
    # Put on the agenda once the séance was open.
    added_in_session: Mapped[bool] = mapped_column(default=False, server_default=false())
    track: Mapped[AgendaTrack] = mapped_column(default=AgendaTrack.DISCUSSED, server_default="DISCUSSED")
    # Items of the same case that share this number are alternatives: one favourable makes the others sans objet.
    alternative_group: Mapped[int | None] = mapped_column(Integer)

    request: Mapped[DispositifRequest] = relationship(lazy="raise_on_sql", viewonly=True)
    ballot: Mapped["Ballot | None"] = relationship(lazy="raise_on_sql", viewonly=True)
    opinion: Mapped["CelluleOpinion | None"] = relationship(lazy="raise_on_sql", viewonly=True)


class AgendaTrace(Public, Base):
    """What the end of a sharing, or of a case, changed in the agenda of a séance; append-only."""

    __tablename__ = "agenda_trace"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "meeting_id"], ["meeting.cellule_id", "meeting.id"]),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        Index("ix_agenda_trace_meeting", "cellule_id", "meeting_id"),
    )

    cellule_id: Mapped[int]
    meeting_id: Mapped[int]
    request_id: Mapped[int]
    # Null when the case itself ended.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[AgendaTraceKind]
    ended_on: Mapped[date]
    at: Mapped[datetime]

    request: Mapped[DispositifRequest] = relationship(lazy="raise_on_sql", viewonly=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
