"""What the pages of a séance show: frozen rows, instants in UTC, public ids, nothing left to load.

A field that its reader may not see is None or empty.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.accounts.enums import HolderRank, OrganisationKind, Voice
from pdp.dispositifs.enums import Dispositif, StatusGroup, Verdict
from pdp.meetings.enums import (
    ActionState,
    AgendaTraceKind,
    AttendanceMode,
    AttendanceState,
    BallotStatus,
    MeetingStatus,
    OpinionCode,
    VoteChannel,
    VoteValue,
)
from pdp.meetings.rules.opinion import Proposal
from pdp.meetings.rules.quorum import Quorum
from pdp.meetings.rules.tally import Tally
from pdp.requests.enums import PieceNature, PieceState
from pdp.requests.rules.findings import GroupFindings
from pdp.requests.rules.standing import Standing


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
    # A restricted case that the reader may not know: the line says « Point à huis clos » and nothing else.
    closed_doors: bool = False


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
class BallotSeat:
    """A seat of the electorate and its answer. `value` is None while it is hidden from the reader.

    `sequence` is what a change must name in `replaces`; `person` is who answered, else who sits.
    """

    seat: str
    label: str
    kind: OrganisationKind
    voice: Voice
    person: str
    job_title: str
    answered: bool
    recused: bool
    value: VoteValue | None
    text: str
    channel: VoteChannel | None
    sequence: int | None


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot. `tally` is None while a vote is hidden from the reader; `silent` names seats."""

    ballot: str
    version: int
    status: BallotStatus
    question: str
    opened_at: datetime
    closed_at: datetime | None
    seats: tuple[BallotSeat, ...]
    silent: tuple[str, ...]
    quorum_reached: bool
    quorum_sentence: str
    tally: Tally | None


@dataclass(frozen=True, slots=True)
class OpinionView:
    """The opinion of the cellule, once recorded."""

    opinion: str
    code: OpinionCode
    conditions: str
    reasons: str
    explanation: str
    dissent: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ActionView:
    """A thing to do that follows from the item."""

    action: str
    version: int
    owner: str
    text: str
    due_on: date
    state: ActionState


@dataclass(frozen=True, slots=True)
class PieceView:
    """A required agreement or document."""

    nature: PieceNature
    kind: str
    name: str
    state: PieceState
    asked_on: date | None
    dated: date | None
    comment: str


@dataclass(frozen=True, slots=True)
class ActivityView:
    """A professional status of the person, in words."""

    group: StatusGroup
    status: str
    post: str
    employer: str


@dataclass(frozen=True, slots=True)
class CurrentItem:
    """The item in the middle of the console. `previous` and `following` are public ids of items.

    `findings` are the rules as they were found, by status. `proposal` says which opinions may be
    recorded; None while votes are taken and once one is given.
    """

    row: AgendaRow
    rank: int
    total: int
    previous: str | None
    following: str | None
    birth_date: date
    presentation: str
    activities: tuple[ActivityView, ...]
    purpose: str
    standing: Standing | None
    findings: tuple[GroupFindings, ...]
    pieces: tuple[PieceView, ...]
    discussion: str
    ballot: BallotView | None
    proposal: Proposal | None
    opinion: OpinionView | None
    actions: tuple[ActionView, ...]


@dataclass(frozen=True, slots=True)
class Console:
    """A séance as the core sees it. `quorum` is that of the moment, None before the opening.

    `next_to_treat` is the first item ahead without an opinion.
    """

    meeting: MeetingView
    etag: str
    items: tuple[AgendaRow, ...]
    seats: tuple[SeatRow, ...]
    quorum: Quorum | None
    current: CurrentItem | None
    next_to_treat: str | None
    can_run: bool
    # The item in the middle is examined behind closed doors, without the reader.
    closed_doors: bool = False


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
    traces: tuple[TraceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomSeat:
    """A seat on the screen of the room. Before closing `value` is None: only whether it answered."""

    label: str
    voice: Voice
    answered: bool
    recused: bool
    value: VoteValue | None


@dataclass(frozen=True, slots=True)
class Room:
    """What the room may read: reference and initials, the question, the state of the vote.

    `away` holds the labels of the deliberative seats that are not part of the ballot.
    """

    meeting: str
    etag: str
    status: MeetingStatus
    starts_at: datetime
    rank: int | None
    total: int
    reference: str
    initials: str
    dispositif: Dispositif | None
    question: str
    ballot_status: BallotStatus | None
    seats: tuple[RoomSeat, ...]
    away: tuple[str, ...]
    quorum_reached: bool
    quorum_sentence: str
    tally: Tally | None
    opinion: OpinionCode | None
    # The room reads nothing of a restricted case, whoever sits in it.
    closed_doors: bool = False


@dataclass(frozen=True, slots=True)
class MeetingState:
    """The cheap answer to a poll. `my_ballot` is the open ballot in which the reader's seat votes."""

    etag: str
    status: MeetingStatus
    current_item: str | None
    open_ballot: str | None
    my_ballot: str | None


@dataclass(frozen=True, slots=True)
class SeatState:
    """Whether a seat answered; never what."""

    seat: str
    label: str
    answered: bool
    recused: bool


@dataclass(frozen=True, slots=True)
class BallotState:
    """The cheap answer to a poll on a ballot. `seats` is empty for a partner."""

    etag: str
    status: BallotStatus
    cast: int
    expected: int
    seats: tuple[SeatState, ...]


@dataclass(frozen=True, slots=True)
class SeatAnswer:
    """What a seat answered, once the ballot is closed; `value` is None when it did not vote."""

    label: str
    voice: Voice
    value: VoteValue | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class MyBallot:
    """One's own place in a ballot. `value` is None before one's vote; `sequence` is what to replace.

    `may_vote` is false for a suppléant while the titulaire takes part, and for a titulaire whom a
    suppléant replaces. Results are those that the reader may know once the ballot is closed: a partner
    reads its own answer, and the opinion when it is shared.
    """

    ballot: str
    meeting: str
    meeting_starts_at: datetime
    rank: int | None
    total: int | None
    status: BallotStatus
    question: str
    reference: str
    initials: str
    groups: tuple[StatusGroup, ...]
    case: str
    request: str
    seat_label: str
    voice: Voice
    as_suppleant: bool
    may_vote: bool
    value: VoteValue | None
    text: str
    channel: VoteChannel | None
    cast_at: datetime | None
    sequence: int | None
    closed_at: datetime | None
    quorum_sentence: str
    tally: Tally | None
    answers: tuple[SeatAnswer, ...]
    opinion: OpinionCode | None
    conditions: str
