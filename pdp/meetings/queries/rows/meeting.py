"""A séance, its agenda and its seats."""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.accounts.enums import HolderRank, OrganisationKind, Voice
from pdp.dispositifs.enums import Dispositif, StatusGroup, Verdict
from pdp.meetings.enums import (
    AgendaTraceKind,
    AgendaTrack,
    AttendanceMode,
    AttendanceState,
    BallotStatus,
    MeetingStatus,
    OpinionCode,
)
from pdp.meetings.queries.rows.point import PointRow
from pdp.meetings.queries.rows.timetable import Timetable
from pdp.meetings.rules.quorum import Quorum


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A séance in a list. `items` and `treated` count what the reader may see."""

    meeting: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: MeetingStatus
    items: int
    treated: int


@dataclass(frozen=True, slots=True)
class MeetingList:
    """A page of séances; `next_cursor` goes on, None at the end."""

    rows: tuple[MeetingRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A séance. `chair_name` is who sits in the chair's seat, empty when nobody does yet."""

    meeting: str
    version: int
    status: MeetingStatus
    starts_at: datetime
    ends_at: datetime
    place: str
    video_link: str
    opened_at: datetime | None
    closed_at: datetime | None
    chair_seat: str | None
    chair_label: str
    chair_name: str
    cancelled_reason: str = ""


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A line of the agenda. `verdict` is the eligibility last kept, None when there is none."""

    item: str
    version: int
    position: int
    planned_minutes: int
    started_at: datetime | None
    is_current: bool
    case: str
    reference: str
    name: str
    initials: str
    groups: tuple[StatusGroup, ...]
    request: str
    dispositif: Dispositif | None
    question: str
    verdict: Verdict | None
    ballot: str | None
    ballot_status: BallotStatus | None
    opinion: OpinionCode | None
    # When the clock of the item would have begun without its interruptions; None while it stands.
    running_since: datetime | None = None
    spent_seconds: int = 0
    added_in_session: bool = False
    # A restricted case that the reader may not know: the line says « Point à huis clos » and nothing else.
    closed_doors: bool = False
    track: AgendaTrack = AgendaTrack.DISCUSSED
    # The reader declared a déport: the line says so, with the reference.
    recused: bool = False
    # The correction that holds, for who reads the votes: its page shows both versions.
    correction: str = ""


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A person who may sit in a seat, named by the membership."""

    membership: str
    name: str
    job_title: str
    rank: HolderRank


@dataclass(frozen=True, slots=True)
class SeatRow:
    """How a seat is held. `version` is that of the presence row; `person` sits, empty when nobody does."""

    seat: str
    version: int
    label: str
    organisation: str
    kind: OrganisationKind
    voice: Voice
    state: AttendanceState
    mode: AttendanceMode | None
    membership: str | None
    person: str
    job_title: str
    arrived_at: datetime | None
    left_at: datetime | None
    proxy_seat: str | None
    proxy_label: str
    is_sitting: bool
    is_chair: bool
    holders: tuple[HolderRow, ...]


@dataclass(frozen=True, slots=True)
class TraceRow:
    """What the end of a sharing changed in an agenda; without an organisation, the case itself ended."""

    kind: AgendaTraceKind
    case: str
    reference: str
    name: str
    request: str
    dispositif: Dispositif
    organisation: str | None
    ended_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A séance with the items that the reader may see; seats and quorum for the core only.

    `traces` is for the coordinator: what was pulled from the agenda, or lost a partner, and why.
    """

    meeting: MeetingView
    items: tuple[AgendaRow, ...]
    seats: tuple[SeatRow, ...]
    quorum: Quorum | None
    can_run: bool
    timetable: Timetable
    traces: tuple[TraceRow, ...] = ()
    points: tuple[PointRow, ...] = ()


def without_notes(tag: str) -> str:
    """Return the part of a séance's tag that a page without the notes of discussion follows."""
    return tag.split(".")[0]


@dataclass(frozen=True, slots=True)
class MeetingState:
    """The cheap answer to a poll. `my_ballot` is the open ballot in which the reader's seat votes."""

    etag: str
    status: MeetingStatus
    current_item: str | None
    open_ballot: str | None
    my_ballot: str | None

    @property
    def shown(self) -> str:
        """The tag of a page that shows no note of discussion."""
        return without_notes(self.etag)
