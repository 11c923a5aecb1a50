"""Invitations and the people of an organisation: what holds, what is refused. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pdp.core.errors import InvalidInput, RuleViolation

INVITATION_LASTS = timedelta(days=7)
MAX_FAILURES = 5
SHORTEST_PASSWORD = 14
LONGEST_PASSWORD = 128

# A password made of one of these and little else is guessed first.
_COMMON = (
    "motdepasse",
    "password",
    "azerty",
    "qwerty",
    "123456",
    "cellulepdp",
    "capemploi",
    "bonjour",
    "soleil",
    "doudou",
)


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


def check_password(password: str, repeated: str, *, email: str) -> None:
    """Refuse a password that would be guessed, without rules of composition (CNIL, délibération 2022-100).

    Raises `InvalidInput`.
    """
    errors: dict[str, list[str]] = {}
    if len(password) < SHORTEST_PASSWORD:
        errors["password"] = [f"Il faut au moins {SHORTEST_PASSWORD} caractères : quatre ou cinq mots font l’affaire."]
    elif len(password) > LONGEST_PASSWORD:
        errors["password"] = [f"Au plus {LONGEST_PASSWORD} caractères."]
    elif _is_guessable(password, email):
        errors["password"] = [
            "Ce mot de passe se devine : évitez votre adresse, les suites et les mots trop courants."
        ]
    elif password != repeated:
        errors["repeated"] = ["Les deux mots de passe sont différents. Recopiez le premier."]
    if errors:
        raise InvalidInput(errors)


def ensure_may_leave(*, is_self: bool, is_manager: bool, managers: int) -> None:
    """Refuse to leave an organisation without anyone to manage its people. Raises `RuleViolation`."""
    if is_manager and managers <= 1:
        raise RuleViolation(
            "Vous êtes la seule personne à gérer les accès de votre organisme. "
            "Demandez d’abord à la coordination de la cellule d’en nommer une autre."
            if is_self
            else "Cette personne est la seule à gérer les accès de votre organisme : l’accès reste ouvert."
        )


def _is_guessable(password: str, email: str) -> bool:
    plain = "".join(character for character in password.lower() if character.isalnum())
    if len(set(plain)) < 7:
        return True
    for word in (*_COMMON, email.partition("@")[0].lower().replace(".", "")):
        if len(word) >= 5 and word in plain and len(plain) - len(word) < 7:
            return True
    return False
