"""End the session at the provider along with ours."""

import secrets

from pdp.accounts import queries as account_queries
from pdp.core import db
from pdp.core.crypto import KeyUnavailable, Tampered
from pdp.federation import providers, queries
from pdp.federation.client import client_of


def end_at_provider(token: str, back_to: str) -> tuple[str, str] | None:
    """Return the provider's name and where to end its session, when a provider opened this sign-in.

    None for any other sign-in, and for a provider that cannot be reached or has no such address.
    """
    try:
        with db.reading():
            session = account_queries.find_session(token)
            found = queries.find_sign_in(session[0].id) if session else None
    except (KeyUnavailable, Tampered):
        return None
    provider = providers.find(found.provider) if found else None
    if found is None or provider is None:
        return None
    address = client_of(provider).end_session_url(found.id_token, back_to, secrets.token_urlsafe(32))
    return (provider.label, address) if address else None
