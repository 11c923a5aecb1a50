"""The front door: an address and a password, or one click in the demo."""

from pdp.accounts import queries
from pdp.accounts.enums import Proof
from pdp.accounts.models import User
from pdp.accounts.passwords import hash_password, is_dated, matches
from pdp.accounts.rules import SessionLimits, Wait
from pdp.accounts.service import sessions, throttle
from pdp.accounts.service.throttle import NOBODY, Remembered, Try
from pdp.audit import service as audit
from pdp.core import db
from pdp.core.errors import NotFound, RuleViolation

_REFUSED = "Adresse ou mot de passe inconnu. Vérifiez les deux, puis recommencez."
_OTHER_WAYS = (
    "Sans attendre, vous pouvez vous connecter depuis un appareil où vous l’avez déjà fait, ou choisir un nouveau "
    "mot de passe par « Mot de passe oublié »."
)
WAITS = {
    Wait.QUARTER: (
        "Trop d’essais à la suite. Patientez quinze minutes, puis recommencez : votre compte n’est pas bloqué. "
        f"{_OTHER_WAYS}"
    ),
    Wait.DAY: (
        f"Trop d’essais depuis hier. Recommencez demain à la même heure : votre compte n’est pas bloqué. {_OTHER_WAYS}"
    ),
}


def sign_in(
    email: str,
    password: str,
    source: str,
    limits: SessionLimits,
    *,
    device: str = "",
    remembered: Remembered = NOBODY,
) -> str:
    """Begin a sign-in with the right password and return its token: a second factor is still asked.

    `device` names the browser in the list of sign-ins; `remembered` is what it shows of former ones. Raises
    `RuleViolation` with the same message and the same work whether the account exists or not.
    """
    account = email.strip().lower()
    with db.reading():
        user = queries.find_user_by_email(account)
    tried = throttle.claim(account, source, device=remembered.device if remembered.knows(user) else "")
    if tried.wait:
        raise RuleViolation(WAITS[tried.wait])
    # No transaction waits while the password is worked on.
    accepted = matches(user.password_hash if user else None, password)
    token = _open(user.id, password, tried, limits, device) if accepted and user else None
    if token is None:
        with db.transaction():
            audit.record(None, "account.sign_in", refused=True, subject=user)
        raise RuleViolation(_REFUSED)
    return token


def _open(user_id: int, password: str, tried: Try, limits: SessionLimits, device: str) -> str | None:
    with db.transaction():
        user = queries.get_user(user_id)
        token = None if user.disabled_at else sessions.begin(user, Proof.PASSWORD, limits, device=device)
        if token is None:
            return None
        throttle.forgive(tried)
        _renew_hash(user, password)
        return token


def _renew_hash(user: User, password: str) -> None:
    """Keep the password under today's parameters, if it was kept under others."""
    if user.password_hash and is_dated(user.password_hash):
        user.password_hash = hash_password(password)
        audit.record(None, "account.renew_hash", subject=user)


def sign_in_as(membership_public_id: str, limits: SessionLimits, *, device: str = "") -> str:
    """Open a sign-in without a password for a demo visitor, through the membership chosen."""
    with db.transaction():
        membership = queries.find_any_membership(membership_public_id)
        if membership is None:
            raise NotFound
        token = sessions.begin(membership.user, Proof.DEMO, limits, membership=membership, device=device)
        if token is None:
            raise NotFound
        return token
