"""From a code brought back by a browser to an identity that is believed, or a refusal."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from pdp.federation import rules
from pdp.federation.client import Client
from pdp.federation.enums import ProviderKind, Reason
from pdp.federation.providers import Provider
from pdp.federation.rules import Claims, Expected, Refused

_NAMES = ("email", "SubjectNameID", "preferred_username", "name")
_LONGEST = 200
# What reading a token may raise, a token nested without end included.
_UNREADABLE = (JoseError, ValueError, TypeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider says that a person is: `issuer` and `subject` name the person, nothing else does."""

    provider: Provider
    issuer: str
    subject: str
    two_factors: bool
    proved_at: float
    shown_as: str
    # What is kept of the sign-in besides who it is. Nothing here opens a right.
    facts: Mapping[str, str]
    id_token: str


def identify(client: Client, code: str, redirect_uri: str, nonce: str, verifier: str) -> Identity:
    """Exchange a code and return the identity that it proves. Raises `Refused`."""
    provider = client.provider
    tokens = client.exchange(code, redirect_uri, verifier)
    claims = _verified(client, tokens["id_token"])
    now = time.time()
    subject = rules.check_id_token(
        claims, Expected(provider.issuer, provider.client_id, nonce, provider.required_acr), now
    )
    said = claims | _userinfo(client, tokens["access_token"], subject)
    return Identity(
        provider=provider,
        issuer=provider.issuer,
        subject=subject,
        # From the ID token alone: a userinfo may not be signed.
        two_factors=rules.are_two_factors(claims, provider.two_factor_acr, provider.two_factor_amr),
        proved_at=rules.proved_at(claims, now),
        shown_as=next((_plain(said[name]) for name in _NAMES if _plain(said.get(name))), ""),
        facts={name: _plain(claims.get(name)) for name in ("acr", "amr")}
        | {name: _plain(said.get(name)) for name in ("siret", "idp_id")},
        id_token=tokens["id_token"],
    )


def _userinfo(client: Client, access_token: str, subject: str) -> dict[str, Any]:
    """Return what the provider adds of the person: signed at ProConnect, optional elsewhere."""
    provider = client.provider
    signed = provider.kind is ProviderKind.PROCONNECT
    if not signed and not client.metadata().userinfo_endpoint:
        return {}
    media, text = client.userinfo(access_token)
    if signed or media == "application/jwt":
        if media != "application/jwt":
            raise Refused(Reason.USERINFO)
        claims = _verified(client, text)
        rules.check_userinfo_token(claims, provider.issuer, provider.client_id, subject, time.time())
        return claims
    try:
        claims = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(Reason.USERINFO) from None
    if not isinstance(claims, dict):
        raise Refused(Reason.USERINFO)
    rules.check_same_subject(claims, subject)
    return claims


def _verified(client: Client, token: str) -> dict[str, Any]:
    """Return the claims of a token signed by the provider; a key not known yet is looked for once."""
    try:
        return _decode(client, token, client.keys())
    except InvalidKeyIdError:
        pass
    except _UNREADABLE as error:
        raise Refused(Reason.SIGNATURE) from error
    try:
        return _decode(client, token, client.keys(renew=True))
    except _UNREADABLE as error:
        raise Refused(Reason.SIGNATURE) from error


def _decode(client: Client, token: str, keys: KeySet) -> dict[str, Any]:
    claims: Claims = jwt.decode(token.strip(), keys, algorithms=list(client.provider.algorithms)).claims
    return dict(claims)


def _plain(value: object) -> str:
    """Return a claim as a short line of text; a list of words is joined, anything else is left out."""
    if isinstance(value, list):
        value = " ".join(word for word in value[:10] if isinstance(word, str))
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= _LONGEST else ""
