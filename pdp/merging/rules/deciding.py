"""What may be decided of a proposal and of a merge, by whom and until when."""

from datetime import date, datetime, timedelta

from pdp.core.errors import RuleViolation
from pdp.merging.enums import ProposalState

UNDO_DAYS = 30
_SAME_HAND = (
    "Vous avez proposé cette fusion : une autre personne doit la confirmer. "
    "Demandez-le au manager de proximité ou à la coordination."
)
_DECIDED = "Cette proposition a déjà reçu sa décision. Rechargez la page pour la lire."
_TOO_LATE = (
    "Cette fusion ne peut plus être annulée : le délai de 30 jours est passé. Ouvrez un nouveau dossier pour "
    "l’autre personne et prévenez le délégué à la protection des données."
)
_NOT_DONE = "Cette fusion est déjà annulée, ou n’a jamais été faite. Rechargez la page."
CHANGED = (
    "L’identité de l’une des deux fiches a changé depuis la proposition. Refusez celle-ci, "
    "puis proposez la fusion de nouveau avec les traits d’aujourd’hui."
)
GONE = (
    "L’une des deux fiches est déjà rattachée à une autre. Refusez cette proposition : il n’y a plus rien à fusionner."
)
_FROZEN = (
    "Le traitement des données de cette personne est limité à sa demande\u00a0: rien n’est séparé avant la levée de "
    "cette limitation. Si le délai d’annulation approche, voyez avec le délégué à la protection des données."
)
NEWER = "Une fusion plus récente porte sur la même personne. Annulez d’abord celle-là, ou laissez les deux en place."


def undo_until(merged_at: datetime) -> datetime:
    """Return the last instant at which a merge may be undone."""
    return merged_at + timedelta(days=UNDO_DAYS)


def check_decision(state: ProposalState, proposed_by: int, decides: int) -> None:
    """Refuse a second decision, and a confirmation by who proposed. Raises `RuleViolation`."""
    check_waiting(state)
    if proposed_by == decides:
        raise RuleViolation(_SAME_HAND)


def check_waiting(state: ProposalState) -> None:
    """Refuse to decide twice. Raises `RuleViolation`."""
    if state is not ProposalState.WAITING:
        raise RuleViolation(_DECIDED)


def check_standing(state: ProposalState) -> None:
    """Refuse to undo what was never done, or is undone. Raises `RuleViolation`."""
    if state is not ProposalState.CONFIRMED:
        raise RuleViolation(_NOT_DONE)


def check_not_frozen(frozen_on: date | None) -> None:
    """Refuse to part two records while a restriction covers both: one of them would be shared again, unasked."""
    if frozen_on is not None:
        raise RuleViolation(_FROZEN)


def check_undo(until: datetime, now: datetime) -> None:
    """Refuse to undo too late. Raises `RuleViolation`."""
    if now > until:
        raise RuleViolation(_TOO_LATE)
