"""Invitations and the people of an organisation: what holds, what is refused. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pdp.core.errors import RuleViolation

INVITATION_LASTS = timedelta(days=7)
MAX_FAILURES = 5


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What decides whether an invitation may still be used."""

    expires_at: datetime
    accepted: bool
    cancelled: bool
    failures: int
    # Who made it still manages the organisation's accesses.
    host_in_charge: bool = True


def is_usable(invitation: InvitationFacts, now: datetime) -> bool:
    """Tell whether an invitation may still be used at `now`."""
    spent = invitation.accepted or invitation.cancelled or invitation.failures >= MAX_FAILURES
    return not spent and invitation.host_in_charge and now < invitation.expires_at


def ensure_may_leave(*, is_self: bool, is_manager: bool, managers: int) -> None:
    """Refuse to leave an organisation without anyone to manage its people. Raises `RuleViolation`."""
    if is_manager and managers <= 1:
        raise RuleViolation(
            "Vous êtes la seule personne à gérer les accès de votre organisme. "
            "Demandez d’abord à la coordination de la cellule d’en nommer une autre."
            if is_self
            else "Cette personne est la seule à gérer les accès de votre organisme : l’accès reste ouvert."
        )
