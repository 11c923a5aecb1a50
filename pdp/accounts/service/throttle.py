"""Too many wrong tries in a row wait, by account and by source: never a lock for good.

The tries are stored, so that every process counts the same ones.
"""

import hashlib
import hmac

from pdp.accounts import queries, rules
from pdp.accounts.models import SignInAttempt
from pdp.core import clock, crypto, db
from pdp.policy.actor import Actor


def must_wait(account: str, source: str) -> bool:
    """Tell whether a try on an account (any text that names it) from a source must wait."""
    since = clock.now() - rules.THROTTLE_WINDOW
    return rules.must_wait(*queries.count_failures(fingerprint(account), fingerprint(source), since))


def note_failure(account: str, source: str) -> None:
    """Count a wrong try. Inside the caller's transaction."""
    attempt = SignInAttempt(account_key=fingerprint(account), source_key=fingerprint(source), at=clock.now())
    db.session().add(attempt)


def must_wait_for_password(email: str) -> bool:
    """Tell whether the password of an address was tried too often in a row, wherever it was typed."""
    key = fingerprint(email.strip().lower())
    failures, _ = queries.count_failures(key, key, clock.now() - rules.THROTTLE_WINDOW)
    return rules.must_wait(failures, 0)


def note_failed_password(email: str) -> None:
    """Count a wrong password typed elsewhere than at the sign-in."""
    key = fingerprint(email.strip().lower())
    db.session().add(SignInAttempt(account_key=key, source_key=key, at=clock.now()))


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
