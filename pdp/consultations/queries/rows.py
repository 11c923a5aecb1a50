"""What the pages of consultations show: frozen rows, public ids, instants in UTC."""

from dataclasses import dataclass
from datetime import datetime

from pdp.accounts.enums import Silence, Voice
from pdp.consultations.enums import Phase
from pdp.meetings.enums import VoteChannel, VoteValue
from pdp.meetings.queries import AgendaRow, BallotView, MyBallot, OpinionView
from pdp.meetings.rules.opinion import Proposal


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """A consultation in a list. `questions` counts those that the reader may see, `awaited` the votes to give."""

    consultation: str
    starts_at: datetime
    ends_at: datetime
    phase: Phase
    questions: int
    awaited: int


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """The frame of a consultation. `last_reminder_at` and what follows are for the coordinator."""

    consultation: str
    version: int
    phase: Phase
    starts_at: datetime
    opened_at: datetime | None
    ends_at: datetime
    closed_at: datetime | None
    silence: Silence
    extension_reason: str
    extended_at: datetime | None
    last_reminder_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """The reader's own answer to a question; `value` is None while it is awaited."""

    value: VoteValue | None
    channel: VoteChannel | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a consultation. `own` is None for a reader without a seat in it.

    `evoked_at` says since when it waits for an oral debate; `quorum` is in words, for the core, at the end.
    """

    row: AgendaRow
    own: OwnAnswer | None
    evoked_at: datetime | None
    quorum: str


@dataclass(frozen=True, slots=True)
class SeatProgress:
    """How many questions a seat was asked and how many it answered: never what."""

    label: str
    voice: Voice
    person: str
    asked: int
    answered: int
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsultationPage:
    """A consultation as its reader may see it. `progress` is for the coordinator."""

    view: ConsultationView
    questions: tuple[Question, ...]
    progress: tuple[SeatProgress, ...]
    can_run: bool


@dataclass(frozen=True, slots=True)
class PhoneSeat:
    """A seat for which a vote may be typed: those whose person has not voted on an own device."""

    seat: str
    label: str
    person: str
    sequence: int | None
    typed: VoteValue | None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question. `mine` is None for a reader without a seat in it.

    `ballot` is the result by seat, for the core and once closed; `phones` are for the coordinator, before.
    """

    view: ConsultationView
    row: AgendaRow
    mine: MyBallot | None
    evoked_at: datetime | None
    evoked_by: str
    ballot: BallotView | None
    proposal: Proposal | None
    opinion: OpinionView | None
    phones: tuple[PhoneSeat, ...]
    can_run: bool
