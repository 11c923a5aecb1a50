"""What the minutes are composed from: plain frozen values, filled by the service from the séance.

Times are local wall-clock values: the caller has already turned them from UTC into the time of the
cellule. Sentences (quorum, tally, verdicts) come ready made from the rules that computed them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pdp.minutes.enums import (
    Capacity,
    OpinionCode,
    PresenceMode,
    PresenceState,
    StatusGroup,
    Voice,
)
from pdp.policy.labels import Label


@dataclass(frozen=True, slots=True)
class Person:
    """A professional named in the minutes, with the function that explains the presence."""

    name: str
    function: str = ""


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """An arrival, a departure, a return or a suppléance, with the point under discussion then."""

    word: str
    at: datetime
    point: int | None = None


@dataclass(frozen=True, slots=True)
class AttendanceFacts:
    """One row of the attendance table: a seat, who held it and when."""

    seat: str
    voice: Voice
    organisation_id: int
    organisation_kind: str
    holder: Person | None
    state: PresenceState
    capacity: Capacity | None = None
    mode: PresenceMode = PresenceMode.ROOM
    moves: tuple[MoveFacts, ...] = ()
    # Who held the seat before `holder`, in the same séance.
    earlier: tuple[Person, ...] = ()
    # A sensitive partner: the other partners read neither the seat nor who held it.
    sensitive: bool = False
    # The seat that carries its proxy is one of a sensitive partner: that partner.
    proxy_of: int | None = None


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    """An opinion given elsewhere, taken note of in a line. `number` is no position: it tells readers apart.

    `readers`: organisation id → labels, as in `ItemFacts`.
    """

    number: int
    case_id: str
    text: str
    readers: Mapping[int, frozenset[Label]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenFacts:
    """What the minutes of a written consultation say instead of a séance's hours."""

    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PointFacts:
    """An agenda point about no case (approval of the last minutes, information).

    `resolution` is printed in every version; `discussion` in the complete one only.
    """

    position: int
    title: str
    resolution: str
    discussion: str = ""
    # A restricted case: the complete version says that there was a point, a partner's nothing.
    closed_doors: bool = False
    # Opinions given in writing since the last séance; each version holds those that its reader may know.
    references: tuple[ReferenceFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """A status of the person: the group decides the look of the chip, the name is what it says."""

    group: StatusGroup
    name: str


@dataclass(frozen=True, slots=True)
class OverrideFacts:
    """A rule set aside by a deliberative member, with the written reason that must be printed."""

    member: str
    reason: str
    rule_ids: tuple[str, ...] = ()
    labels: frozenset[Label] = frozenset()


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """The answer of a named person to a question that the rules leave to a human."""

    question: str
    answer: str
    member: str
    labels: frozenset[Label] = frozenset()


@dataclass(frozen=True, slots=True)
class ReasonFacts:
    """Why a rule did not pass. `labels`: what it speaks of besides the request itself."""

    text: str
    rule_id: str = ""
    labels: frozenset[Label] = frozenset()


@dataclass(frozen=True, slots=True)
class EligibilityFacts:
    """The frozen verdict for one status group.

    `sentence` says it with its figures; what each rule found is in `reasons`, apart, because a reader
    may not be entitled to every fact that the rules speak of.
    """

    group: StatusGroup
    status_name: str
    verdict: str
    sentence: str = ""
    doctrine: str = ""
    rule_ids: tuple[str, ...] = ()
    reasons: tuple[ReasonFacts, ...] = ()
    divergence: str = ""
    overrides: tuple[OverrideFacts, ...] = ()
    answers: tuple[AnswerFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """A required agreement or document: whose, in which state, since when."""

    who: str
    state: str
    on: date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """The vote, or the consultative opinion, of one seat. `text` is its condition or its reason."""

    seat: str
    organisation_id: int
    value: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """The opinion of the cellule: `name` is the title of its box (« Avis favorable »)."""

    code: OpinionCode
    name: str
    conditions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DissentFacts:
    """A dissent recorded at a member's request; `member` is empty where the text says who speaks."""

    member: str
    text: str


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """A thing to do, who owns it, and by when; `purpose` says what it is for, empty for a plain one."""

    organisation_id: int
    organisation: str
    text: str
    due_on: date | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """The decision of the deciding body, which is not the opinion of the cellule."""

    body: str
    name: str
    decided_on: date
    notified_on: date | None = None
    reasons: tuple[str, ...] = ()
    appeal: str = ""


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """Any other fact to print, under its own label (a functional limit, a line of the plan)."""

    label: Label
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One request on the agenda. `readers`: organisation id → labels that a sharing agreement opens.

    An organisation absent from `readers` is never told of the item. Labels marked `own` in the
    access matrix (votes, actions) need not be in the sets: they are decided row by row.
    """

    position: int
    case_reference: str
    case_id: str
    person_initials: str
    person_name: str
    dispositif: str
    question: str
    statuses: tuple[StatusFacts, ...] = ()
    period_start: date | None = None
    period_end: date | None = None
    eligibility: tuple[EligibilityFacts, ...] = ()
    agreements: tuple[AgreementFacts, ...] = ()
    quorum: str = ""
    votes: tuple[VoteFacts, ...] = ()
    consultative: tuple[VoteFacts, ...] = ()
    discussion: str = ""
    tally: str = ""
    opinion: OpinionFacts | None = None
    dissents: tuple[DissentFacts, ...] = ()
    actions: tuple[ActionFacts, ...] = ()
    decision: DecisionFacts | None = None
    remarks: tuple[RemarkFacts, ...] = ()
    readers: Mapping[int, frozenset[Label]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """Everything the minutes of one séance say."""

    cellule: str
    caisse: str
    number: str
    held_on: date
    opened_at: datetime
    closed_at: datetime | None
    place: str
    mode: str
    president: Person | None
    secretary: Person | None
    composed_at: datetime
    attendance: tuple[AttendanceFacts, ...] = ()
    governance: str = ""
    points: tuple[PointFacts, ...] = ()
    items: tuple[ItemFacts, ...] = ()
    next_meeting_on: date | None = None
    # Where the cellule's journal stood at the composition; empty in a draft.
    journal: str = ""
    fictitious: bool = False
    # Set for a written consultation, None for a séance.
    written: WrittenFacts | None = None
