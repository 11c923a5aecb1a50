"""The answer that a browser brings back: for its trip, once, and never too many wrong ones in a row."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from pdp.accounts import service as accounts
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.federation.client import Client
from pdp.federation.enums import Reason
from pdp.federation.identity import Identity, identify
from pdp.federation.models import ProviderReturn
from pdp.federation.rules import Refused
from pdp.federation.trips import Trip

# Answers that no attacker gains by: the person gave up, or the provider is down.
# One without a trip may be an image of another site: it must not shut the door to a whole office.
_HARMLESS = frozenset(
    {
        Reason.NO_TRIP,
        Reason.DENIED,
        Reason.UNREACHABLE,
        Reason.NOT_LINKED,
        Reason.NOT_OPEN,
        Reason.THROTTLED,
    }
)


def receive(client: Client, trip: Trip, answer: Mapping[str, str], *, redirect_uri: str, source: str) -> Identity:
    """Return the identity that an answer proves; the answer is used up whatever comes of it. Raises `Refused`."""
    trip.check(client.provider.name, answer.get("state", ""), clock.now())
    _use_up(trip, source)
    _check_issuer(client, answer)
    if "error" in answer:
        raise Refused(Reason.DENIED)
    if not answer.get("code"):
        raise Refused(Reason.NO_CODE)
    return identify(client, answer["code"], redirect_uri, trip.nonce, trip.verifier)


def note_refusal(provider: str, reason: Reason, source: str) -> None:
    """Journal an answer that was refused, and count it against its source when it may be an attack."""
    with db.transaction():
        # Counted no further once the source waits: its answers would else make every password wait.
        if reason not in _HARMLESS and not accounts.must_wait("", _key(source)):
            accounts.note_failure(f"federation:{provider}", _key(source))
        audit.record(None, "federation.refused", refused=True, provider=provider, reason=reason.value)


def purge_returns() -> None:
    """Delete the answers used more than a day ago: their trips are long over."""
    with db.transaction() as session:
        session.execute(delete(ProviderReturn).where(ProviderReturn.at < clock.now() - timedelta(days=1)))


def _use_up(trip: Trip, source: str) -> None:
    """Write down that the answer to a trip was used. Raises `Refused` when it already was."""
    try:
        with db.transaction() as session:
            if accounts.must_wait("", _key(source)):
                raise Refused(Reason.THROTTLED)
            session.add(ProviderReturn(state_hash=trip.state_hash, at=clock.now(), provider=trip.provider))
    except IntegrityError:
        raise Refused(Reason.USED_TWICE) from None


def _key(source: str) -> str:
    # Apart from the password's: a broken provider must not make passwords wait.
    return f"federation:{source}"


def _check_issuer(client: Client, answer: Mapping[str, str]) -> None:
    """Refuse the answer of another provider (RFC 9207): a code is shown only to whoever gave it."""
    said = answer.get("iss")
    if said is None and not client.metadata().names_itself:
        return
    if said != client.provider.issuer:
        raise Refused(Reason.ISSUER)
