"""Too many wrong tries in a row wait, by account and by source: never a lock for good.

The tries are stored, so that every process counts the same ones.
"""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import delete

from pdp.accounts import queries, rules
from pdp.accounts.models import SignInAttempt, User
from pdp.accounts.rules import Wait
from pdp.core import clock, crypto, db
from pdp.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a browser shows of itself: its own random number, and marks of the accounts that it opened."""

    device: str = ""
    accounts: tuple[str, ...] = ()

    def knows(self, user: User | None) -> bool:
        """Tell whether the account was opened from this browser before."""
        return user is not None and bool(self.device) and mark_of(user.id) in self.accounts


NOBODY = Remembered()


def mark_of(user_id: int) -> str:
    """Return what a browser keeps to say that it opened an account: it tells nobody which."""
    return fingerprint(f"device:{user_id}")


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is counted as wrong until it is forgiven; or why it must wait."""

    attempt_id: int = 0
    wait: Wait | None = None


def claim(account: str, source: str, *, device: str = "") -> Try:
    """Count a try before the password is looked at, or tell how long it must wait.

    One that waits is not counted: however many are made, the delay ends. `device` is the number of a browser that
    opened the account before. A transaction of its own: tries made at once, in any process, cannot pass together.
    """
    account_key = fingerprint(f"{account}|{device}" if device else account)
    source_key = fingerprint(f"device|{device}" if device else source)
    with db.transaction() as session:
        queries.lock_tries()
        tries = queries.count_tries(account_key, source_key, clock.now())
        wait = rules.wait_before(tries, known_device=bool(device))
        if wait:
            return Try(wait=wait)
        attempt = SignInAttempt(account_key=account_key, source_key=source_key, at=clock.now())
        session.add(attempt)
        session.flush()
        return Try(attempt.id)


def forgive(found: Try) -> None:
    """Take back a try that was right. Inside the caller's transaction."""
    db.session().execute(delete(SignInAttempt).where(SignInAttempt.id == found.attempt_id))


def forget(account: str) -> None:
    """Take back every try on an account: its holder chose a new password. Inside the caller's transaction."""
    db.session().execute(delete(SignInAttempt).where(SignInAttempt.account_key == fingerprint(account)))


def must_wait(account: str, source: str) -> bool:
    """Tell whether a try on an account (any text that names it) from a source must wait."""
    since = clock.now() - rules.THROTTLE_WINDOW
    return rules.must_wait(*queries.count_failures(fingerprint(account), fingerprint(source), since))


def note_failure(account: str, source: str) -> None:
    """Count a wrong try. Inside the caller's transaction."""
    attempt = SignInAttempt(account_key=fingerprint(account), source_key=fingerprint(source), at=clock.now())
    db.session().add(attempt)


def must_wait_for_emergency(actor: Actor) -> bool:
    """Tell whether the person tried too many references in a row."""
    key = fingerprint(f"emergency:{actor.user_id}")
    failures, _ = queries.count_failures(key, key, clock.now() - rules.THROTTLE_WINDOW)
    return failures >= rules.MAX_EMERGENCY_TRIES


def note_failed_emergency(actor: Actor) -> None:
    """Count a reference that opened nothing."""
    key = fingerprint(f"emergency:{actor.user_id}")
    db.session().add(SignInAttempt(account_key=key, source_key=key, at=clock.now()))


def fingerprint(text: str) -> str:
    """Return a keyed fingerprint: throttling needs to compare addresses, not to know them."""
    secret = crypto.ring().derive(crypto.ring().current, "throttle")
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
