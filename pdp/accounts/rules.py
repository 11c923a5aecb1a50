"""Rules of memberships, seats, sign-in and sessions: pure, on plain values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from ipaddress import IPv6Address, IPv6Network, ip_address

from pdp.accounts.enums import Proof, SignInStage

MAX_FAILURES_PER_ACCOUNT = 8
MAX_FAILURES_PER_ACCOUNT_A_DAY = 24
MAX_FAILURES_PER_SOURCE = 40
MAX_FAILURES_IN_ALL = 400
# What one line of a house or one rented machine is given of IPv6.
_PREFIX = 64
MAX_EMERGENCY_TRIES = 5
THROTTLE_WINDOW = timedelta(minutes=15)
THROTTLE_DAY = timedelta(days=1)
# Links asked for to choose a new password: how many in an hour, and how long one serves.
MAX_RESETS_PER_ACCOUNT = 3
MAX_RESETS_PER_SOURCE = 20
RESET_WINDOW = timedelta(hours=1)
RESET_LASTS = timedelta(minutes=30)
# How long a sign-in may stay on its way, and how long a proof of two factors is fresh enough for a grave act.
ON_ITS_WAY = timedelta(minutes=10)
FRESH_FOR = timedelta(minutes=15)


def holds_on(starts_on: date, ends_on: date | None, day: date) -> bool:
    """Tell whether a dated thing (membership, mandate, seat) holds on `day`; the last day counts."""
    return starts_on <= day and (ends_on is None or day <= ends_on)


def place_of(address: str) -> str:
    """Return the place that tries from an address are counted for: of IPv6 the network, 64 bits of it.

    Whoever holds one address of such a network holds them all, and would else be a new source at each try.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((found, _PREFIX), strict=False))
    return str(found)


def must_wait(account_failures: int, source_failures: int) -> bool:
    """Tell whether a sign-in must wait: too many failures in the window, never a permanent lock."""
    return account_failures >= MAX_FAILURES_PER_ACCOUNT or source_failures >= MAX_FAILURES_PER_SOURCE


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong passwords counted: on the account now and in a day, from the source and everywhere now."""

    account: int
    account_in_a_day: int
    source: int
    everywhere: int


class Wait(Enum):
    """How long a try must wait."""

    QUARTER = "quarter"
    DAY = "day"


def wait_before(tries: Tries, *, known_device: bool) -> Wait | None:
    """Return how long a password must wait before it is looked at; None when it may be tried now.

    A device where the account already opened is counted by itself: nobody else's tries keep its holder out.
    At most 8 tries in fifteen minutes and 24 in a day for an account (CNIL, délibération 2022-100: fewer than
    ten before a delay, about 25 in a day), 40 for a source, 400 in all; never a lock.
    """
    if tries.account_in_a_day >= MAX_FAILURES_PER_ACCOUNT_A_DAY:
        return Wait.DAY
    if must_wait(tries.account, 0 if known_device else tries.source):
        return Wait.QUARTER
    return Wait.QUARTER if not known_device and tries.everywhere >= MAX_FAILURES_IN_ALL else None


def may_ask_reset(by_account: int, by_source: int) -> bool:
    """Tell whether one more link to choose a new password may leave, after so many in an hour."""
    return by_account < MAX_RESETS_PER_ACCOUNT and by_source < MAX_RESETS_PER_SOURCE


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
