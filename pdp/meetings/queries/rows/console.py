"""The item in the middle of the console."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pdp.dispositifs.enums import StatusGroup
from pdp.meetings.enums import ActionKind, ActionState, OpinionCode
from pdp.meetings.hooks import Phrase, PhraseUse
from pdp.meetings.queries.rows.ballot import BallotView
from pdp.meetings.queries.rows.meeting import AgendaRow, MeetingView, SeatRow
from pdp.meetings.queries.rows.note import NoteView
from pdp.meetings.queries.rows.pace import PaceView
from pdp.meetings.queries.rows.point import PointRow
from pdp.meetings.queries.rows.ways import Ways
from pdp.meetings.rules.opinion import Proposal
from pdp.meetings.rules.quorum import Quorum
from pdp.requests.enums import PieceNature, PieceState
from pdp.requests.rules.findings import GroupFindings
from pdp.requests.rules.standing import Standing


@dataclass(frozen=True, slots=True)
class CorrectionMark:
    """What two persons corrected of an opinion: when, who, and what was first recorded."""

    correction: str
    at: datetime
    proposed_by: str
    confirmed_by: str
    first: OpinionCode


@dataclass(frozen=True, slots=True)
class OpinionView:
    """The opinion of the cellule that holds, once recorded; `correction` says that it is not the first one."""

    opinion: str
    code: OpinionCode
    conditions: str
    reasons: str
    explanation: str
    dissent: str
    recorded_at: datetime
    correction: CorrectionMark | None = None


@dataclass(frozen=True, slots=True)
class ActionView:
    """A thing to do that follows from the item."""

    action: str
    version: int
    owner: str
    text: str
    due_on: date
    state: ActionState
    kind: ActionKind


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
    note: NoteView
    ballot: BallotView | None
    proposal: Proposal | None
    # What is still missing, in sentences: the reasons of an adjournment.
    awaited: str
    opinion: OpinionView | None
    actions: tuple[ActionView, ...]
    ways: Ways | None = None
    # The standard sentences of the cellule, by the field that they are offered beside.
    phrases: Mapping[PhraseUse, tuple[Phrase, ...]] = field(default_factory=dict)


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
    # … because the reader declared a déport.
    aside: bool = False
    points: tuple[PointRow, ...] = ()
    # How the séance keeps its hours, while it is open.
    pace: PaceView | None = None
