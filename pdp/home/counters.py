"""Which counters each role is shown, in which order, and the list that each number leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pdp.home.queries import CEILING, Counts
from pdp.policy.roles import CORE_ROLES, PARTNER_ROLES, Role


@dataclass(frozen=True, slots=True)
class Counter:
    """A number of the strip: its words (one, several), who sees it, and where it leads."""

    value: Callable[[Counts], int]
    one: str
    several: str
    roles: frozenset[Role]
    endpoint: str
    query: dict[str, Any]
    # A rare thing is counted only when there is one.
    is_rare: bool = False


_SOCIAL = frozenset({Role.SERVICE_SOCIAL, Role.MANAGER, Role.COORDINATEUR})
_TABLING = CORE_ROLES
_DECIDERS = frozenset({Role.CPAM})
_VOTERS = CORE_ROLES | PARTNER_ROLES

COUNTERS: tuple[Counter, ...] = (
    Counter(lambda c: c.triage, "Dossier à trier", "Dossiers à trier", _SOCIAL | {Role.CSAM, Role.CPAM},
            "cases.list_cases", {"stage": "triage"}),
    Counter(lambda c: c.cases, "Dossier partagé", "Dossiers partagés", PARTNER_ROLES, "cases.list_cases", {}),
    Counter(lambda c: c.pieces, "Demande incomplète", "Demandes incomplètes", _TABLING, "cases.list_cases", {}),
    Counter(lambda c: c.backlog, "Demande à inscrire", "Demandes à inscrire", _SOCIAL, "meetings.list_meetings", {}),
    Counter(lambda c: c.ballots, "Scrutin ouvert", "Scrutins ouverts", _VOTERS, "meetings.list_meetings", {}),
    Counter(lambda c: c.decisions, "Décision à saisir", "Décisions à saisir", _DECIDERS,
            "meetings.decisions", {}),
    Counter(lambda c: c.outcomes, "Issue à relever", "Issues à relever", _SOCIAL | PARTNER_ROLES - {Role.MDPH},
            "cases.list_cases", {}),
    Counter(lambda c: c.recalls, "Destruction à confirmer", "Destructions à confirmer", PARTNER_ROLES,
            "consent.list_recalls", {}, is_rare=True),
    Counter(lambda c: c.actions, "Action à mener", "Actions à mener", _VOTERS, "meetings.actions", {}),
)  # fmt: skip


def shown_to(role: Role, counts: Counts) -> tuple[Counter, ...]:
    """Return the counters of a role, in order; a rare one only when it counts something."""
    return tuple(
        counter for counter in COUNTERS if role in counter.roles and (counter.value(counts) or not counter.is_rare)
    )


def words(counter: Counter, counts: Counts) -> dict[str, Any]:
    """Return the number and its label, agreeing in number; past the ceiling, « 99+ »."""
    value = counter.value(counts)
    text = f"{CEILING - 1}+" if value >= CEILING else str(value)
    return {"value": text, "is_zero": value == 0, "label": counter.one if value < 2 else counter.several}
