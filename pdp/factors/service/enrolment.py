"""Give a person an application of codes: a secret is offered, and kept once a code of it was typed.

The secret is written nowhere before: the page carries it sealed for the person, with the hour it was offered.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp

from pdp.accounts import service as accounts
from pdp.accounts.enums import Proof
from pdp.accounts.models import User
from pdp.accounts.service import Pending
from pdp.audit import service as audit
from pdp.core import clock, crypto, db
from pdp.core.crypto import KeyUnavailable, Place, Tampered
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.factors import rules
from pdp.factors.enums import FactorKind
from pdp.factors.models.totp import TotpFactor
from pdp.factors.queries import totp as queries
from pdp.factors.service import holders, recovery, totp
from pdp.factors.service.changes import tell_change
from pdp.policy.actor import Actor

_ISSUER = "Cellule PDP"
_STALE = (
    "Cette page est restée ouverte trop longtemps. Rechargez-la, puis enregistrez le nouveau code dans l’application."
)
_WRONG = "Ce code ne correspond pas. Vérifiez l’heure de votre téléphone, puis tapez le code affiché maintenant."
_TOO_MANY = "Vous avez déjà dix moyens de connexion. Retirez-en un avant d’en ajouter."


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret offered to a person: what the page carries, the address for the QR code, the text to type."""

    sealed: str
    uri: str
    typed: str


def may_enrol(pending: Pending) -> bool:
    """Tell whether a sign-in on its way may register a factor: the first one, or after a recovery by two persons."""
    with db.reading():
        return _may_enrol(pending)


def offer(user_id: int, name: str, token: str) -> Offer:
    """Return the secret offered in a sign-in: the same one while its token lasts, so that a page may be reloaded."""
    key = crypto.ring().derive(crypto.ring().current, "totp-offer")
    drawn = hmac.new(key, f"{user_id}\x1f{token}".encode(), hashlib.sha256).digest()[:20]
    return _offer(user_id, name, base64.b32encode(drawn).decode(), clock.now())


def offer_again(user_id: int, name: str, token: str, sealed: str) -> Offer:
    """Return the offer that a page carried, to show it again; a new one in place of one too old."""
    try:
        secret, at = _open(user_id, sealed)
    except InvalidInput:
        return offer(user_id, name, token)
    return _offer(user_id, name, secret, at)


def enrol_first(token: str, pending: Pending, sealed: str, code: str) -> str:
    """Register the first factor of a person who signs in, and return the token drawn again, one factor further.

    Raises `NotFound` when the person has a factor, `InvalidInput` for a wrong code.
    """
    actor = accounts.signing_in(token)
    with db.transaction(actor):
        _lock(actor.user_id)
        if not _may_enrol(pending):
            raise NotFound
        if Proof.RECOVERY in pending.proofs:
            recovery.finish(actor)
        return _keep(actor, token, sealed, code, "")


def add_totp(actor: Actor, token: str, *, offer: str, code: str, name: str = "") -> str:
    """Register one more application of codes, end the other sign-ins of the person, return the token drawn again.

    Raises `InvalidInput` for a wrong code, `RuleViolation` for too many factors.
    """
    with db.transaction(actor):
        _lock(actor.user_id)
        if len(holders.list_factors(actor.user_id)) >= rules.MAX_FACTORS:
            raise RuleViolation(_TOO_MANY)
        return _keep(actor, token, offer, code, name)


def _keep(actor: Actor, token: str, sealed: str, code: str, name: str) -> str:
    secret, _ = _open(actor.user_id, sealed)
    held = queries.list_totp(actor.user_id)
    step = totp.match(secret, code, clock.now(), 0)
    if step is None or any(factor.secret == secret for factor in held):
        raise InvalidInput({"code": [_WRONG]})
    now = clock.now()
    factor = TotpFactor(
        user_id=actor.user_id,
        secret=secret,
        name=name or f"Téléphone{f' {len(held) + 1}' if held else ''}",
        confirmed_at=now,
        last_step=step,
        last_used_at=now,
    )
    db.session().add(factor)
    renewed = accounts.add_proof(token, Proof.TOTP)
    tell_change(actor, renewed)
    audit.record(actor, "factor.add", subject=factor, kind=FactorKind.TOTP)
    return renewed


def _may_enrol(pending: Pending) -> bool:
    return Proof.RECOVERY in pending.proofs or not holders.has_factor(pending.user_id)


def _lock(user_id: int) -> None:
    # Two sign-ins with the same password must not both register a first factor.
    db.session().get_one(User, user_id, with_for_update=True)


def _offer(user_id: int, name: str, secret: str, at: datetime) -> Offer:
    sealed = crypto.encrypt(f"{int(at.timestamp())} {secret}", _place(user_id))
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)
    return Offer(base64.urlsafe_b64encode(sealed).decode(), uri, rules.in_fours(secret))


def _open(user_id: int, sealed: str) -> tuple[str, datetime]:
    try:
        at, secret = crypto.decrypt(base64.urlsafe_b64decode(sealed.encode()), _place(user_id)).split()
    except (Tampered, KeyUnavailable, binascii.Error, ValueError, IndexError):
        raise InvalidInput({"code": [_STALE]}) from None
    offered = datetime.fromtimestamp(int(at), UTC)
    if clock.now() - offered > rules.OFFER_LASTS:
        raise InvalidInput({"code": [_STALE]})
    return secret, offered


def _place(user_id: int) -> Place:
    return Place("totp_factor.offer", user_id, "")
