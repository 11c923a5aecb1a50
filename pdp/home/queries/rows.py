"""What waits for a person, as its lists show it."""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.dispositifs.enums import Dispositif
from pdp.meetings.enums import MeetingStatus
from pdp.policy.masking import OrganisationFacts
from pdp.privacy.rules.informing import Standing


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things wait; each stops at `CEILING`."""

    triage: int
    cases: int
    pieces: int
    backlog: int
    ballots: int
    decisions: int
    outcomes: int
    actions: int
    recalls: int


@dataclass(frozen=True, slots=True)
class Subject:
    """The case a deadline is about, as the list names it."""

    public_id: str
    reference: str
    # The full name where the identity may be read, the initials elsewhere.
    name: str


@dataclass(frozen=True, slots=True)
class PieceDue:
    """A missing agreement or document of a request put on an agenda."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    kind: str
    asked_on: date | None
    meeting_at: datetime


@dataclass(frozen=True, slots=True)
class StoppageEnd:
    """An arrêt that ends soon while a request is still undecided."""

    case: Subject
    ends_on: date


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """A person to give the information notice to."""

    case: Subject
    standing: Standing


@dataclass(frozen=True, slots=True)
class ActionDue:
    """A thing to do before a date."""

    case: Subject
    action_id: str
    text: str
    due_on: date
    owner: str


@dataclass(frozen=True, slots=True)
class PiecesToReview:
    """Pieces that partners propose for a case, and that its referent has not examined yet."""

    case: Subject
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class ProposalToAnswer:
    """A request that a partner proposes, and that whoever answers for the case has not answered yet."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class MeasureEnd:
    """A measure under way whose last planned day comes, or that was interrupted, and that has no report yet."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    ends_on: date


@dataclass(frozen=True, slots=True)
class AdviceAwaited:
    """A question put to an organisation, without an answer yet."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    due_on: date
    asked_at: datetime
    organisation: OrganisationFacts


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next séance that the person may open."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: MeetingStatus
    items: int
