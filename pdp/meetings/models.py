"""Séances: agenda, presence, ballots, votes, opinions, decisions and actions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.enums import OrganisationKind, Voice
from pdp.accounts.models import Membership, Organisation, Seat, User
from pdp.core.db import Base, Public, Versioned
from pdp.meetings.enums import (
    ActionState,
    AgendaTraceKind,
    AttendanceMode,
    AttendanceState,
    BallotStatus,
    DecisionOutcome,
    MeetingStatus,
    OpinionCode,
    VoteChannel,
    VoteValue,
)
from pdp.requests.models import DispositifRequest, EligibilitySnapshot


class Meeting(Public, Versioned, Base):
    """A séance of a cellule."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        Index("ix_meeting_calendar", "cellule_id", "starts_at", "id"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    video_link: Mapped[str] = mapped_column(default="")
    status: Mapped[MeetingStatus]
    # Who chairs holds a function for this séance, on top of an own role: it opens no label.
    chair_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    current_item_id: Mapped[int | None]
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
    started_at: Mapped[datetime | None]

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


class Ballot(Public, Versioned, Base):
    """A vote on one item. Opening freezes question, electorate and eligibility; closing freezes all."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("item_id"),
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    question: Mapped[str]
    status: Mapped[BallotStatus]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # The seat that chaired when the ballot opened: its vote may settle a tie.
    chair_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("eligibility_snapshot.id"))
    # The quorum in words, as it was when the ballot closed.
    quorum_reached: Mapped[bool | None]
    quorum_sentence: Mapped[str] = mapped_column(default="")

    snapshot: Mapped[EligibilitySnapshot] = relationship(lazy="raise_on_sql")
    voters: Mapped[list["BallotVoter"]] = relationship(lazy="raise_on_sql", viewonly=True)
    votes: Mapped[list["Vote"]] = relationship(lazy="raise_on_sql", viewonly=True)


class BallotVoter(Base):
    """A seat of the frozen electorate; append-only."""

    __tablename__ = "ballot_voter"
    __table_args__ = (
        UniqueConstraint("ballot_id", "seat_id"),
        ForeignKeyConstraint(["cellule_id", "ballot_id"], ["ballot.cellule_id", "ballot.id"]),
    )

    cellule_id: Mapped[int]
    ballot_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    seat_label: Mapped[str]
    organisation_kind: Mapped[OrganisationKind]
    voice: Mapped[Voice]
    position: Mapped[int]


class Vote(Public, Base):
    """What a seat answered; append-only (label `ballot`). The highest sequence of a seat holds.

    A change before closing is a new row; the unique key makes a double vote impossible.
    """

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("ballot_id", "seat_id", "sequence"),
        ForeignKeyConstraint(["cellule_id", "ballot_id"], ["ballot.cellule_id", "ballot.id"]),
    )

    cellule_id: Mapped[int]
    ballot_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    # Who sat when the seat answered: the suppléant, once the titulaire takes no part.
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    sequence: Mapped[int]
    value: Mapped[VoteValue]
    # The condition of a conditional vote, the reason of a vote against.
    text: Mapped[str] = mapped_column(default="")
    channel: Mapped[VoteChannel]
    cast_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    cast_at: Mapped[datetime]
    # Replaying a request with the same key returns the first vote instead of a second one.
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)


class CelluleOpinion(Public, Base):
    """The opinion of the cellule on one item; append-only (label `opinion`)."""

    __tablename__ = "cellule_opinion"
    __table_args__ = (
        UniqueConstraint("item_id"),
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    code: Mapped[OpinionCode]
    conditions: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    # Why this opinion follows from the votes and the pieces, in words.
    explanation: Mapped[str] = mapped_column(default="")
    dissent: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class FundDecision(Public, Base):
    """What the deciding body decided on a request; append-only (label `decision`)."""

    __tablename__ = "fund_decision"
    __table_args__ = (
        UniqueConstraint("request_id"),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
    )

    cellule_id: Mapped[int]
    request_id: Mapped[int]
    deciding_body: Mapped[str]
    outcome: Mapped[DecisionOutcome]
    decided_on: Mapped[date]
    reasons: Mapped[str] = mapped_column(default="")
    appeal_routes: Mapped[str] = mapped_column(default="")
    notified_on: Mapped[date | None]
    # The caisse's accord préalable, recorded beside (L. 323-3-1 CSS).
    prior_approval_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql")


class Action(Public, Versioned, Base):
    """A thing to do that follows from a séance (label `action`)."""

    __tablename__ = "action"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_action_owner", "owner_organisation_id", "state", "due_on"),
        Index("ix_action_item", "cellule_id", "item_id"),
        Index("ix_action_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    case_id: Mapped[int]
    owner_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[ActionState]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    owner: Mapped[Organisation] = relationship(lazy="raise_on_sql")
