"""What makes an answer of a provider worth believing: pure, on the claims of a token whose signature holds.

OpenID Connect Core 1.0, § 3.1.3.7 and § 5.3.2.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pdp.federation.enums import Reason

Claims = Mapping[str, Any]

# A token of ProConnect may live sixty seconds: clocks may differ by five, no more.
LEEWAY = 5
# A token is read in the second that follows its making.
OLDEST_TOKEN = 600
TRIP_LASTS = timedelta(minutes=10)
MAX_SUBJECT = 255
# Seconds: no date is further away, and neither « not a number » nor an infinity is between.
_FAR = 1e11


class Refused(Exception):
    """An answer that is not believed; the person is told nothing of why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say."""

    issuer: str
    client_id: str
    nonce: str
    required_acr: tuple[str, ...] = ()


def check_id_token(claims: Claims, expected: Expected, now: float) -> str:
    """Return the subject of an ID token. Raises `Refused` unless every claim is the one expected."""
    _check_origin(claims, expected.issuer, expected.client_id)
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise Refused(Reason.AUDIENCE)
    _check_dates(claims, now)
    if not isinstance(claims.get("nonce"), str) or claims["nonce"] != expected.nonce:
        raise Refused(Reason.NONCE)
    if expected.required_acr and claims.get("acr") not in expected.required_acr:
        raise Refused(Reason.LEVEL)
    return check_subject(claims)


def check_userinfo_token(claims: Claims, issuer: str, client_id: str, subject: str, now: float) -> None:
    """Refuse a signed userinfo that is not for us or not about the person of the ID token."""
    _check_origin(claims, issuer, client_id)
    if "exp" in claims and now >= _instant(claims, "exp", Reason.EXPIRED) + LEEWAY:
        raise Refused(Reason.EXPIRED)
    check_same_subject(claims, subject)


def check_same_subject(claims: Claims, subject: str) -> None:
    """Refuse a userinfo about somebody else."""
    if check_subject(claims) != subject:
        raise Refused(Reason.USERINFO)


def check_subject(claims: Claims) -> str:
    """Return the subject: 1 to 255 printable ASCII characters, compared as they are."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > MAX_SUBJECT:
        raise Refused(Reason.SUBJECT)
    if not subject.isascii() or not subject.isprintable():
        raise Refused(Reason.SUBJECT)
    return subject


def are_two_factors(claims: Claims, acr: Collection[str], amr: Collection[str]) -> bool:
    """Tell whether a provider vouches for two factors, in words that the installation trusts."""
    said = claims.get("amr")
    methods = said if isinstance(said, list) else []
    return claims.get("acr") in acr or any(method in amr for method in methods if isinstance(method, str))


def proved_at(claims: Claims, now: float) -> float:
    """Return when the person proved who they are: a session already open at the provider is not a new proof."""
    said = claims.get("auth_time")
    return max(0.0, min(now, float(said))) if said is not None and _is_number(said) else now


def _check_origin(claims: Claims, issuer: str, client_id: str) -> None:
    if claims.get("iss") != issuer:
        raise Refused(Reason.ISSUER)
    # Another audience beside us could use the same token here: none is trusted.
    if claims.get("aud") not in (client_id, [client_id]):
        raise Refused(Reason.AUDIENCE)


def _check_dates(claims: Claims, now: float) -> None:
    if now >= _instant(claims, "exp", Reason.EXPIRED) + LEEWAY:
        raise Refused(Reason.EXPIRED)
    if not -LEEWAY <= now - _instant(claims, "iat", Reason.DATED) <= OLDEST_TOKEN:
        raise Refused(Reason.DATED)
    if "nbf" in claims and _instant(claims, "nbf", Reason.DATED) > now + LEEWAY:
        raise Refused(Reason.DATED)


def _instant(claims: Claims, name: str, reason: Reason) -> float:
    value = claims.get(name)
    if value is None or not _is_number(value):
        raise Refused(reason)
    return float(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -_FAR < value < _FAR
