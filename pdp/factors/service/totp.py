"""One-time codes: proved once each, by one process only, within a step of the server's clock."""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import pyotp

from pdp.accounts import service as accounts
from pdp.accounts.enums import Proof
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.factors import rules
from pdp.factors.enums import FactorKind
from pdp.factors.models.totp import TotpFactor
from pdp.factors.queries import totp as queries
from pdp.factors.service import throttle
from pdp.policy.actor import Actor

KIND = FactorKind.TOTP
_REFUSED = (
    "Ce code ne convient pas. Attendez que l’application en affiche un nouveau, puis tapez-le : "
    "un code ne sert qu’une fois."
)
_WAIT = "Trop de codes refusés à la suite. Patientez quinze minutes, puis recommencez : votre compte n’est pas bloqué."


class Held(Protocol):
    """A row of any kind of factor, as the page of a person lists it."""

    id: int
    public_id: str
    user_id: int
    name: str

    @property
    def added_at(self) -> datetime: ...

    @property
    def last_used_at(self) -> datetime | None: ...


def list_rows(user_id: int) -> Sequence[TotpFactor]:
    """Return the code applications of a person, oldest first."""
    return queries.list_totp(user_id)


def prove(actor: Actor, token: str, code: str, source: str) -> str:
    """Add the proof of a code to a sign-in, on its way or open, and return its token drawn again.

    Raises `RuleViolation` in the same words for a wrong code and for one already used.
    """
    renewed = None
    with db.transaction(actor):
        factors = queries.list_totp(actor.user_id, lock=True)
        waiting = throttle.codes_wait(actor.user_id, source)
        accepted = None if waiting else _find(factors, code)
        if accepted is not None:
            factor, step = accepted
            factor.last_step, factor.last_used_at = step, clock.now()
            renewed = accounts.add_proof(token, Proof.TOTP)
            audit.record(actor, "factor.use", subject=factor, kind=KIND)
        else:
            if not waiting:
                throttle.note_wrong_code(actor, source)
            audit.record(actor, "factor.use", refused=True, kind=KIND, throttled=waiting)
    if renewed is None:
        raise RuleViolation(_WAIT if waiting else _REFUSED)
    return renewed


def match(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the step of a code in force at `now` and not used yet; None when there is none."""
    typed = re.sub(r"\s", "", code).encode()
    otp, found = pyotp.TOTP(secret), None
    for step in rules.steps_near(now, last_step):
        if hmac.compare_digest(otp.generate_otp(step).encode(), typed):
            found = step
    return found


def _find(factors: Sequence[TotpFactor], code: str) -> tuple[TotpFactor, int] | None:
    now, found = clock.now(), None
    for factor in factors:
        step = match(factor.secret, code, now, factor.last_step)
        if step is not None:
            found = factor, step
    return found
