"""Rules of memberships, seats, sign-in and sessions: pure, on plain values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

MAX_FAILURES_PER_ACCOUNT = 8
MAX_FAILURES_PER_SOURCE = 40
MAX_EMERGENCY_TRIES = 5
THROTTLE_WINDOW = timedelta(minutes=15)


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
