"""Reads of linked identities, of answers used, and of what providers said of sign-ins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.core import db
from pdp.federation.models import LinkedIdentity, ProviderReturn, ProviderSignIn


def find_identity(issuer: str, subject: str) -> LinkedIdentity | None:
    """Return the account link of an identity, with its person."""
    return (
        db.session()
        .scalars(
            select(LinkedIdentity)
            .options(joinedload(LinkedIdentity.user))
            .where(LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject)
        )
        .one_or_none()
    )


def list_identities(user_id: int) -> Sequence[LinkedIdentity]:
    """Return the identities linked to an account, oldest first."""
    return (
        db.session()
        .scalars(select(LinkedIdentity).where(LinkedIdentity.user_id == user_id).order_by(LinkedIdentity.id))
        .all()
    )


def find_own_identity(user_id: int, public_id: str) -> LinkedIdentity | None:
    """Return an identity of one's own, locked, with its person."""
    return (
        db.session()
        .scalars(
            select(LinkedIdentity)
            .options(joinedload(LinkedIdentity.user, innerjoin=True))
            .where(LinkedIdentity.user_id == user_id, LinkedIdentity.public_id == public_id)
            .with_for_update(of=LinkedIdentity)
        )
        .one_or_none()
    )


def find_return(state_hash: str) -> ProviderReturn | None:
    """Return an answer that was brought back."""
    return db.session().scalars(select(ProviderReturn).where(ProviderReturn.state_hash == state_hash)).one_or_none()


def find_offer(user_session_id: int, since: datetime) -> ProviderReturn | None:
    """Return the last identity that a sign-in proved and may link, locked."""
    return (
        db.session()
        .scalars(
            select(ProviderReturn)
            .where(
                ProviderReturn.user_session_id == user_session_id,
                ProviderReturn.subject.is_not(None),
                ProviderReturn.at >= since,
            )
            .order_by(ProviderReturn.id.desc())
            .limit(1)
            .with_for_update()
        )
        .one_or_none()
    )


def find_provider_of(user_session_id: int) -> str | None:
    """Return the name of the provider that proved a sign-in; None for any other."""
    found = select(ProviderSignIn.provider).where(ProviderSignIn.user_session_id == user_session_id)
    return db.session().scalar(found)


def find_sign_in(user_session_id: int) -> ProviderSignIn | None:
    """Return what a provider said of a sign-in."""
    found = select(ProviderSignIn).where(ProviderSignIn.user_session_id == user_session_id)
    return db.session().scalars(found).one_or_none()
