"""Reads of passkeys and of the challenges put to them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from pdp.core import db
from pdp.core.errors import NotFound
from pdp.factors.enums import ChallengePurpose
from pdp.factors.models.passkeys import Passkey, PasskeyChallenge


def list_passkeys(user_id: int) -> Sequence[Passkey]:
    """Return the passkeys of a person, oldest first."""
    return db.session().scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def find_by_handle(handle: str, *, lock: bool = False) -> Passkey | None:
    """Return the passkey that a device names so, with its person; locked, nobody else uses it meanwhile."""
    wanted = select(Passkey).options(joinedload(Passkey.user)).where(Passkey.handle == handle)
    if lock:
        wanted = wanted.with_for_update(of=Passkey).execution_options(populate_existing=True)
    return db.session().scalars(wanted).one_or_none()


def get_own(user_id: int, public_id: str) -> Passkey:
    """Return a passkey of a person. Raises `NotFound`."""
    found = (
        db.session()
        .scalars(select(Passkey).where(Passkey.user_id == user_id, Passkey.public_id == public_id))
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def take_challenge(challenge_hash: str, holder_hash: str, purpose: ChallengePurpose) -> datetime | None:
    """Remove a challenge and return until when it held; None when there is none, or another process took it."""
    return db.session().scalar(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.challenge_hash == challenge_hash,
            PasskeyChallenge.holder_hash == holder_hash,
            PasskeyChallenge.purpose == purpose,
        )
        .returning(PasskeyChallenge.expires_at)
    )


def forget_challenges(before: datetime) -> None:
    """Remove the challenges that nobody may answer any more."""
    db.session().execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < before))
