"""What pages get of opinions asked: only what the reader may know."""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.advice.enums import AdviceValue, AskState
from pdp.dispositifs.enums import Dispositif


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer given: the newest one of its organisation."""

    value: AdviceValue
    text: str
    late: bool
    by: str
    at: datetime
    former: int


@dataclass(frozen=True, slots=True)
class AskLine:
    """A question put to one organisation. `answer` is None where it is not the reader's to know."""

    public_id: str
    organisation: str
    state: AskState
    version: int
    is_own: bool
    answer: AnswerLine | None
    decline_reason: str
    waiting_days: int
    may_reply: bool = False
    may_decline: bool = False
    may_revoke: bool = False


@dataclass(frozen=True, slots=True)
class PieceLink:
    """A piece joined to a question."""

    public_id: str
    title: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round: the question, its day, its pieces, and the lines that the reader may know."""

    public_id: str
    version: int
    question: str
    due_on: date
    asked_by: str
    asked_at: datetime
    revealed: bool
    is_core: bool
    asks: tuple[AskLine, ...]
    pieces: tuple[PieceLink, ...]
    may_extend: bool

    @property
    def awaited(self) -> int:
        """Return how many of the lines shown still await an answer."""
        return sum(ask.state in {AskState.WAITING, AskState.LATE} for ask in self.asks)


@dataclass(frozen=True, slots=True)
class Subject:
    """The request that an opinion is about, as far as the reader may know it."""

    request: str
    case: str
    case_reference: str
    name: str
    dispositif: Dispositif
    purpose: str


@dataclass(frozen=True, slots=True)
class AdvicePage:
    """The opinions asked on a request."""

    subject: Subject
    rounds: tuple[RoundView, ...]
    may_ask: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """What the form that puts a question offers."""

    subject: Subject
    organisations: tuple[tuple[str, str], ...]
    pieces: tuple[PieceLink, ...]
