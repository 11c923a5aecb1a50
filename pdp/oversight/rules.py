"""What is counted of an account, and from when it is too much. Pure: entries in, decisions out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pdp.core.errors import RuleViolation
from pdp.oversight.enums import ActKind, AlertKind
from pdp.policy.roles import PARTNER_ROLES, Role

# A séance passes through forty cases in an afternoon: what is done there is neither counted nor stopped.
_SEANCE = frozenset({"vote", "ballot", "opinion", "agenda"})
_SEANCE_ACTS = frozenset(
    {"meeting.console", "meeting.room", "meeting.select_item", "meeting.attendance", "meeting.chair", "meeting.close"}
)
# What a suspended account may still do: sign in and out, and look after what is not a case.
_NEVER_STOPPED = frozenset({"account", "notice", "journal", "alert"})
SUSPENDED = "access.suspended"
REFUSED = "access.refused"
# The two that follow hold for every role: refusals within ten minutes, cases outside one's caseload in a day.
REFUSALS, REFUSALS_MINUTES = 10, 10
OUTSIDE = 15


@dataclass(frozen=True, slots=True)
class Limits:
    """How many distinct cases an account may open in a day before an alert, then before a suspension."""

    alert: int
    block: int


@dataclass(frozen=True, slots=True)
class Quotas:
    """The limits of the members of the core and of the partners."""

    core: Limits = Limits(30, 60)
    partner: Limits = Limits(10, 20)

    def of(self, role: Role) -> Limits:
        """Return the limits of a role."""
        return self.partner if role in PARTNER_ROLES else self.core


@dataclass(frozen=True, slots=True)
class Counted:
    """What an account did today, this act included, and what was already raised."""

    cases: int
    outside: int
    raised: frozenset[AlertKind]
    blocks: int
    suspended: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """An alert to raise."""

    kind: AlertKind
    counted: int
    threshold: int
    round: int = 1


def is_counted(action: str) -> bool:
    """Tell whether an act on a case counts as opening it."""
    return action.partition(".")[0] not in _SEANCE | {"meeting", "access"}


def is_stopped(action: str) -> bool:
    """Tell whether a suspension stops an act; a séance under way is never stopped."""
    family = action.partition(".")[0]
    return family not in _SEANCE | _NEVER_STOPPED and action not in _SEANCE_ACTS and action != SUSPENDED


def opened(entries: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """Return the cases that entries open."""
    return frozenset(entry["case_id"] for entry in entries if entry["case_id"] and is_counted(entry["action"]))


def day_s_limit(found: Counted, limits: Limits) -> int:
    """Return how many cases the account may open today: a suspension that was lifted leaves as many again."""
    return limits.block * (found.blocks + 1)


def ensure_within(found: Counted, limits: Limits, opened: int) -> None:
    """Refuse an act that opens more cases at once, an export, than the day allows. Raises `RuleViolation`."""
    allowed = day_s_limit(found, limits)
    if opened > 1 and found.cases > allowed:
        raise RuleViolation(
            f"Cette liste ferait dépasser les {allowed} dossiers qu’un compte peut ouvrir en un jour. "
            "Resserrez-la par une étape, un axe ou une recherche, puis recommencez."
        )


def judge(found: Counted, limits: Limits) -> list[Finding]:
    """Return the alerts that the counts raise, those of today already raised left out."""
    findings = []
    if found.cases >= limits.alert and AlertKind.MASS not in found.raised:
        findings.append(Finding(AlertKind.MASS, found.cases, limits.alert))
    if found.outside >= OUTSIDE and AlertKind.OUTSIDE not in found.raised:
        findings.append(Finding(AlertKind.OUTSIDE, found.outside, OUTSIDE))
    threshold = day_s_limit(found, limits)
    if found.cases >= threshold:
        findings.append(Finding(AlertKind.BLOCK, found.cases, threshold, found.blocks + 1))
    return findings


def kind_of(action: str, *, refused: bool) -> ActKind:
    """Return the family of an act, as the journal's filter has it."""
    if refused:
        return ActKind.REFUSED
    if action.startswith("account."):
        return ActKind.ACCOUNT
    return ActKind.READ if action.endswith(READ_ENDINGS) else ActKind.WRITE


READ_ENDINGS = (
    ".read",
    ".list",
    ".card",
    ".examine",
    ".form",
    ".who_sees",
    ".who_sees_print",
    ".console",
    ".room",
    ".preview",
    ".export",
    # What the watch does writes nothing in a case, nor does an emergency access: it is for reading alone.
    ".count",
    ".emergency",
    ".emergency.end",
    ".extract",
    ".register",
    ".verify",
)
