"""Rules of memberships, seats, sign-in and sessions: pure, on plain values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pdp.accounts.enums import Proof, SignInStage

MAX_FAILURES_PER_ACCOUNT = 8
MAX_FAILURES_PER_SOURCE = 40
MAX_EMERGENCY_TRIES = 5
THROTTLE_WINDOW = timedelta(minutes=15)
# How long a sign-in may stay on its way, and how long a proof of two factors is fresh enough for a grave act.
ON_ITS_WAY = timedelta(minutes=10)
FRESH_FOR = timedelta(minutes=15)


def holds_on(starts_on: date, ends_on: date | None, day: date) -> bool:
    """Tell whether a dated thing (membership, mandate, seat) holds on `day`; the last day counts."""
    return starts_on <= day and (ends_on is None or day <= ends_on)


def must_wait(account_failures: int, source_failures: int) -> bool:
    """Tell whether a sign-in must wait: too many failures in the window, never a permanent lock."""
    return account_failures >= MAX_FAILURES_PER_ACCOUNT or source_failures >= MAX_FAILURES_PER_SOURCE


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a sign-in lasts: idle, and in all."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What decides whether a sign-in still holds."""

    created_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None
    user_disabled: bool


def session_holds(session: SessionFacts, now: datetime, limits: SessionLimits) -> bool:
    """Tell whether a sign-in session may still be used at `now`."""
    if session.revoked_at is not None or session.user_disabled:
        return False
    return now - session.last_seen_at <= limits.idle and now - session.created_at <= limits.absolute


def read_proofs(stored: str) -> frozenset[Proof]:
    """Return the proofs of a sign-in from their stored words."""
    return frozenset(Proof(word) for word in stored.split())


def write_proofs(proofs: Collection[Proof]) -> str:
    """Return the stored words of proofs, in a fixed order."""
    return " ".join(proof.value for proof in Proof if proof in proofs)


def are_two_factors(proofs: Collection[Proof]) -> bool:
    """Tell whether proofs make two factors of different kinds (CNIL, délibération 2025-019).

    A mail is never one: a password and a mailed code are two steps of one kind.
    """
    if {Proof.PASSKEY, Proof.PROVIDER_TWO_FACTORS, Proof.DEMO} & set(proofs):
        return True
    return Proof.TOTP in proofs and bool({Proof.PASSWORD, Proof.PROVIDER} & set(proofs))


def stage_after(proofs: Collection[Proof], *, undertaken: bool) -> SignInStage:
    """Return the stage that these proofs reach."""
    if not are_two_factors(proofs):
        return SignInStage.SECOND_FACTOR
    return SignInStage.OPEN if undertaken else SignInStage.UNDERTAKING


def is_fresh(proofs: Collection[Proof], proven_at: datetime | None, now: datetime) -> bool:
    """Tell whether two factors were proved recently enough for a grave act; the demo's visitors have none to prove."""
    return Proof.DEMO in proofs or (proven_at is not None and timedelta() <= now - proven_at <= FRESH_FOR)


def may_go_on(facts: SessionFacts, stage: SignInStage, now: datetime) -> bool:
    """Tell whether a sign-in may take a further step: one on its way lasts ten minutes."""
    if facts.revoked_at is not None or facts.user_disabled:
        return False
    return stage is SignInStage.OPEN or now - facts.created_at <= ON_ITS_WAY
