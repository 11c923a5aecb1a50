"""Answers that must be refused, and the reason that the journal must give for each: written by hand."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from warnings import catch_warnings, simplefilter

from flask import Response, jsonify, redirect
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.federation.proconnect import CLIENT_ID, CLIENT_SECRET, Claims, Provider, unsigned

STRANGER = RSAKey.generate_key(2048, {"kid": "cle-1"})
with catch_warnings():
    simplefilter("ignore")
    SHORT = RSAKey.generate_key(1024, {"kid": "cle-courte"})


@dataclass(frozen=True)
class Wrong:
    """What a provider (`generic` or `proconnect`) does wrong, and the reason expected."""

    provider: str
    reason: str
    does: Callable[[Provider], dict[str, Any]]


def _claims(reason: str, **values: Any) -> Wrong:
    return Wrong("generic", reason, lambda _provider: {"claims": {"acr": "eidas2"} | values})


def _without(reason: str, name: str) -> Wrong:
    return Wrong("generic", reason, lambda _provider: {"claims": {"acr": "eidas2"}, "left_out": (name,)})


def _forged(forge: Callable[[Provider, Claims], str], reason: str = "signature") -> Wrong:
    return Wrong("generic", reason, lambda provider: {"forge": lambda claims: forge(provider, claims)})


def _userinfo(reason: str, **wrong: Any) -> Wrong:
    return Wrong("proconnect", reason, lambda _provider: {"claims": {"amr": ["mfa"]}} | wrong)


def _back(reason: str, **parameters: str) -> Wrong:
    return Wrong("generic", reason, lambda _provider: {"claims": {"acr": "eidas2"}, "back": parameters})


def _token(reason: str, answer: Callable[[], Any]) -> Wrong:
    return Wrong("generic", reason, lambda _provider: {"token_answer": answer})


def _hs256(claims: Claims, secret: bytes | str) -> str:
    """Sign by hand: a library would not let a public key be used so."""
    parts = (json.dumps({"alg": "HS256", "kid": "cle-1"}), json.dumps(claims))
    signed = ".".join(_base64(part.encode()) for part in parts)
    key = secret.encode() if isinstance(secret, str) else secret
    return f"{signed}.{_base64(hmac.new(key, signed.encode(), hashlib.sha256).digest())}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _cut(provider: Provider, claims: Claims) -> str:
    head, _, seal = provider.sign(claims).split(".")
    return f"{head}.{provider.sign(claims | {'sub': 'agent-2'}).split('.')[1]}.{seal}"


def _own_key(_provider: Provider, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "jwk": STRANGER.as_dict(private=False)}, claims, STRANGER)


def _tokens(**values: Any) -> Callable[[], Any]:
    return lambda: jsonify({"access_token": "a", "token_type": "Bearer"} | values)


NOW = int(time.time())
HOUR = 3600

WRONG: dict[str, Wrong] = {
    "issuer of somebody else": _claims("issuer", iss="https://autre.example.org"),
    "issuer with a slash more": _claims("issuer", iss="https://autre.example.org/"),
    "issuer missing": _without("issuer", "iss"),
    "audience of another client": _claims("audience", aud="autre-client"),
    "another audience beside us": _claims("audience", aud=[CLIENT_ID, "autre-client"]),
    "audience missing": _without("audience", "aud"),
    "authorised party of another client": _claims("audience", azp="autre-client"),
    "expired": _claims("expired", exp=NOW - HOUR),
    "expiry missing": _without("expired", "exp"),
    "expiry as a text": _claims("expired", exp="demain"),
    "expiry beyond any number": _claims("expired", exp=10**400),
    "issued in the future": _claims("dated", iat=NOW + HOUR, exp=NOW + 2 * HOUR),
    "issued an hour ago": _claims("dated", iat=NOW - HOUR),
    "issue date missing": _without("dated", "iat"),
    "issue date true": _claims("dated", iat=True),
    "not valid yet": _claims("dated", nbf=NOW + HOUR),
    "nonce missing": _without("nonce", "nonce"),
    "nonce wrong": _claims("nonce", nonce="n" * 43),
    "nonce as a list": _claims("nonce", nonce=["n"]),
    "subject missing": _without("subject", "sub"),
    "subject empty": _claims("subject", sub=""),
    "subject of spaces": _claims("subject", sub="   "),
    "subject as a number": _claims("subject", sub=1),
    "subject too long": _claims("subject", sub="s" * 256),
    "subject with a control character": _claims("subject", sub="agent-1\x00"),
    "level missing": _without("level", "acr"),
    "level lower": _claims("level", acr="eidas0"),
    "level as a list": _claims("level", acr=["eidas2"]),
    "no signature": _forged(lambda _provider, claims: unsigned(claims)),
    "public key used as a shared secret": _forged(
        lambda provider, claims: _hs256(claims, provider.key.as_pem(private=False))
    ),
    "client secret used to sign": _forged(lambda _provider, claims: _hs256(claims, CLIENT_SECRET)),
    "key not known": _forged(lambda provider, claims: provider.sign(claims, kid="cle-9")),
    "key of a stranger": _forged(
        lambda _provider, claims: jwt.encode({"alg": "RS256", "kid": "cle-1"}, claims, STRANGER)
    ),
    "key carried by the token": _forged(_own_key),
    "algorithm not allowed": _forged(lambda provider, claims: _rs512(provider, claims)),
    "claims changed after signing": _forged(_cut),
    "a token nested without end": _forged(lambda _provider, _claims: _nested()),
    "no token at all": _forged(lambda _provider, _claims: "pas.un.jeton"),
    "claims that are no object": _forged(lambda _provider, _claims: "bnVsbA"),
    "userinfo of somebody else": _userinfo("userinfo", userinfo={"sub": "agent-2"}),
    "userinfo without subject": _userinfo("subject", userinfo_left_out=("sub",)),
    "userinfo not signed": _userinfo("userinfo", userinfo_forge=jsonify),
    "userinfo of algorithm none": _userinfo("signature", userinfo_forge=lambda claims: _jwt(unsigned(claims))),
    "userinfo signed by a stranger": _userinfo(
        "signature", userinfo_forge=lambda claims: _jwt(jwt.encode({"alg": "RS256", "kid": "cle-1"}, claims, STRANGER))
    ),
    "userinfo for another client": _userinfo("audience", userinfo={"aud": "autre-client"}),
    "userinfo of another issuer": _userinfo("issuer", userinfo={"iss": "https://autre.example.org"}),
    "userinfo expired": _userinfo("expired", userinfo={"exp": NOW - HOUR}),
    "plain userinfo of somebody else": Wrong(
        "generic", "userinfo", lambda _provider: {"claims": {"acr": "eidas2"}, "userinfo": {"sub": "agent-2"}}
    ),
    "state missing": _back("state", state=""),
    "state wrong": _back("state", state="s" * 43),
    "code missing": _back("no_code", code=""),
    "the person gave up": _back("denied", error="access_denied", code=""),
    "an error beside a code": _back("denied", error="server_error"),
    "another provider named in the answer": _back("issuer", iss="https://autre.example.org"),
    "token endpoint in error": _token("unreachable", lambda: ("panne", 500)),
    "token endpoint answers a page": _token("exchange", lambda: "<!doctype html><title>Maintenance</title>"),
    "token endpoint refuses": _token("exchange", lambda: (jsonify({"error": "invalid_grant"}), 400)),
    "token endpoint leads elsewhere": _token("exchange", lambda: redirect("http://127.0.0.1:9/")),
    "token endpoint nests without end": _token("exchange", lambda: "[" * 100_000),
    "token endpoint answers a list": _token("exchange", lambda: jsonify([1])),
    "token endpoint answers too much": _token("unreachable", lambda: Response("x" * 300_000)),
    "ID token missing": _token("exchange", _tokens()),
    "ID token as an object": _token("exchange", _tokens(id_token={"sub": "agent-1"})),
    "no public key": Wrong("generic", "signature", lambda _provider: {"keys": []}),
    "a shared secret among the public keys": Wrong(
        "generic",
        "signature",
        lambda _provider: {
            "keys": [OctKey.import_key("secret-partage-de-longueur-suffisante").as_dict() | {"kid": "cle-1"}],
            "forge": lambda claims: _hs256(claims, "secret-partage-de-longueur-suffisante"),
        },
    ),
    "a key too short": Wrong(
        "generic",
        "signature",
        lambda _provider: {
            "keys": [SHORT.as_dict(private=False)],
            "forge": lambda claims: jwt.encode({"alg": "RS256", "kid": "cle-courte"}, claims, SHORT),
        },
    ),
    "a provider that names itself elsewhere, but not here": Wrong(
        "generic", "issuer", lambda _provider: {"metadata": {"authorization_response_iss_parameter_supported": True}}
    ),
}


def _nested() -> str:
    header = b'{"a":' * 10_000
    return f"{_base64(header)}.e30.AAAA"


def _rs512(provider: Provider, claims: Claims) -> str:
    key = RSAKey.import_key(provider.key.as_pem(private=True), {"kid": "cle-1"})
    return jwt.encode({"alg": "RS512", "kid": "cle-1"}, claims, key, algorithms=["RS512"])


def _jwt(token: str) -> Response:
    return Response(token, mimetype="application/jwt")
