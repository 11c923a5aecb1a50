"""The front door: an address and a password, or one click in the demo."""

from pdp.accounts import queries
from pdp.accounts.enums import Proof
from pdp.accounts.passwords import matches
from pdp.accounts.rules import SessionLimits
from pdp.accounts.service import sessions, throttle
from pdp.audit import service as audit
from pdp.core import db
from pdp.core.errors import NotFound, RuleViolation

_REFUSED = "Adresse ou mot de passe inconnu. Vérifiez les deux, puis recommencez."
_WAIT = "Trop d’essais à la suite. Patientez quinze minutes, puis recommencez : votre compte n’est pas bloqué."


def sign_in(email: str, password: str, source: str, limits: SessionLimits, *, device: str = "") -> str:
    """Begin a sign-in with the right password and return its token: a second factor is still asked.

    Raises `RuleViolation` with the same message and the same work whether the account exists or not.
    """
    account = email.strip().lower()
    with db.transaction():
        waiting = throttle.must_wait(account, source)
        user = queries.find_user_by_email(email)
        accepted = matches(user.password_hash if user else None, password) and not waiting
        opens = accepted and user is not None and user.disabled_at is None
        token = sessions.begin(user, Proof.PASSWORD, limits, device=device) if opens and user else None
        if token is None:
            throttle.note_failure(account, source)
            audit.record(None, "account.sign_in", refused=True, subject=user, throttled=waiting)
    if token is None:
        raise RuleViolation(_WAIT if waiting else _REFUSED)
    return token


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
