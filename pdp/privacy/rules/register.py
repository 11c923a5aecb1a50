"""What may be done with a request in each of its states, and who is late."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pdp.core.calendar import Territory
from pdp.core.errors import RuleViolation
from pdp.privacy.enums.register import RequestState, RightKind
from pdp.privacy.rules.deadline import RequestDates, extension_limit

# How many days before the deadline people are reminded.
REMIND = timedelta(days=7)
# The copy of the data answers these two; the others are answered by an act in the file, or by a letter.
WITH_COPY = frozenset({RightKind.ACCESS, RightKind.PORTABILITY})


class Act(StrEnum):
    """An act on a request."""

    ASK_IDENTITY = "ask_identity"
    IDENTITY_GIVEN = "identity_given"
    PREPARE = "prepare"
    EXTEND = "extend"
    ANSWER = "answer"
    REFUSE = "refuse"


_OPEN = frozenset({Act.EXTEND, Act.ANSWER, Act.REFUSE})
ACTS: dict[RequestState, frozenset[Act]] = {
    RequestState.RECEIVED: _OPEN | {Act.ASK_IDENTITY, Act.PREPARE},
    RequestState.IDENTITY_AWAITED: frozenset({Act.IDENTITY_GIVEN, Act.REFUSE}),
    RequestState.PREPARING: _OPEN | {Act.ASK_IDENTITY, Act.PREPARE},
    RequestState.TO_HAND_OVER: _OPEN | {Act.PREPARE},
    RequestState.ANSWERED: frozenset(),
    RequestState.REFUSED: frozenset(),
}
OVER = frozenset({RequestState.ANSWERED, RequestState.REFUSED})


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What decides which acts are open."""

    kind: RightKind
    state: RequestState
    dates: RequestDates
    has_case: bool


def open_acts(facts: RequestFacts, today: date, territory: Territory = Territory.METROPOLE) -> frozenset[Act]:
    """Return the acts that the state and the dates leave open."""
    acts = ACTS[facts.state]
    if facts.kind not in WITH_COPY or not facts.has_case:
        acts -= {Act.PREPARE}
    limit = extension_limit(facts.dates, territory)
    if facts.dates.extended or limit is None or today > limit:
        acts -= {Act.EXTEND}
    if facts.dates.identity_asked_on is not None:
        acts -= {Act.ASK_IDENTITY}
    return acts


def ensure_open(facts: RequestFacts, act: Act, today: date, territory: Territory = Territory.METROPOLE) -> None:
    """Refuse an act that is not open. Raises `RuleViolation` with the next step."""
    if act in open_acts(facts, today, territory):
        return
    if facts.state in OVER:
        raise RuleViolation(
            "Cette demande a déjà reçu sa réponse. Enregistrez-en une nouvelle si la personne revient."
        )
    if facts.state is RequestState.IDENTITY_AWAITED:
        raise RuleViolation("La preuve d’identité est attendue : notez d’abord qu’elle est arrivée, ou refusez.")
    if act is Act.EXTEND:
        raise RuleViolation(
            "Le délai ne peut plus être prolongé : la personne doit en être prévenue dans le premier mois, une fois."
        )
    raise RuleViolation("Cet acte n’est pas possible pour cette demande. Rechargez la page.")


def ensure_in_order(day: date, since: date, today: date, field: str) -> None:
    """Refuse a date before the request or in the future. Raises `RuleViolation`."""
    if day > today:
        raise RuleViolation(f"{field} : cette date n’est pas encore venue.")
    if day < since:
        raise RuleViolation(f"{field} : cette date précède la demande.")


def is_late(due_on: date | None, closed_on: date | None, today: date) -> bool:
    """Tell whether a request should have been answered already."""
    return closed_on is None and due_on is not None and due_on < today
