"""What is asked of a passkey: a number answered once, within five minutes, by the browser that it was drawn for."""

import hashlib
import secrets
from datetime import timedelta

from pdp.core import clock, db
from pdp.factors.enums import ChallengePurpose
from pdp.factors.models.passkeys import PasskeyChallenge
from pdp.factors.queries import passkeys as queries

LASTS = timedelta(minutes=5)


def draw(purpose: ChallengePurpose, holder: str) -> bytes:
    """Store a challenge for `holder`, the token of a sign-in or the number of a browser, and return it."""
    challenge, now = secrets.token_bytes(32), clock.now()
    with db.transaction() as session:
        queries.forget_challenges(now)
        session.add(
            PasskeyChallenge(
                challenge_hash=_hash(challenge),
                holder_hash=_hash(holder.encode()),
                purpose=purpose,
                expires_at=now + LASTS,
            )
        )
    return challenge


def take(challenge: bytes | None, purpose: ChallengePurpose, holder: str) -> bytes | None:
    """Return the challenge answered if it was drawn for this, and use it up at once, whatever the answer is worth.

    It is committed on its own: an answer that is refused cannot be tried again.
    """
    if challenge is None:
        return None
    with db.transaction():
        until = queries.take_challenge(_hash(challenge), _hash(holder.encode()), purpose)
    return challenge if until is not None and clock.now() < until else None


def _hash(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()
