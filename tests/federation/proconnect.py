"""A provider of our own over real HTTP: strict as ProConnect is, and able to answer wrongly in any way.

Like ProConnect it wants a state and a nonce of 32 characters, refuses any parameter that it does not know
(`Y000400`), signs its userinfo and makes tokens of sixty seconds. As a generic provider it wants PKCE.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import RSAKey

Claims = dict[str, Any]
CLIENT_ID, CLIENT_SECRET = "cellule-pdp", "un-secret-bien-long"
_KNOWN = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims"}
_PKCE = {"code_challenge", "code_challenge_method", "acr_values"}


@dataclass
class Behaviour:
    """Who signs in, and what the provider does wrong; nothing by default."""

    subject: str = "agent-1"
    claims: Claims = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    header: Claims = field(default_factory=dict)
    # Returns the whole token from its claims, in place of an honest signature.
    forge: Callable[[Claims], str] | None = None
    userinfo: Claims = field(default_factory=dict)
    userinfo_left_out: tuple[str, ...] = ()
    userinfo_forge: Callable[[Claims], Response] | None = None
    # In place of the token endpoint's, or of the redirection's parameters.
    token_answer: Callable[[], ResponseReturnValue] | None = None
    back: dict[str, str] = field(default_factory=dict)
    keys: list[Claims] | None = None
    metadata: Claims = field(default_factory=dict)


class Provider:
    """The provider, its application to serve, and what it saw."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.key = RSAKey.generate_key(2048, {"kid": "cle-1", "use": "sig", "alg": "RS256"})
        self.issuer = ""
        self.does = Behaviour()
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.seen: list[dict[str, str]] = []
        self.fetched: list[str] = []
        self.app = self._build()

    def behave(self, **wrong: Any) -> None:
        """Start afresh, with these faults only."""
        self.does = Behaviour(**wrong)
        self.codes.clear()
        self.tokens.clear()
        self.seen.clear()
        self.fetched.clear()

    def sign(self, claims: Claims, **header: Any) -> str:
        """Sign claims as the provider does."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, **header}, claims, self.key)

    def _build(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._metadata)
        app.add_url_rule("/jwks", view_func=self._jwks)
        app.add_url_rule("/authorize", view_func=self._authorize)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/userinfo", view_func=self._userinfo)
        app.add_url_rule("/logout", view_func=self._logout)
        return app

    def _metadata(self) -> ResponseReturnValue:
        self.fetched.append("metadata")
        names = ("authorization", "token", "userinfo", "end_session")
        paths = ("authorize", "token", "userinfo", "logout")
        found = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in zip(names, paths, strict=True)}
        return jsonify({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"} | found | self.does.metadata)

    def _jwks(self) -> ResponseReturnValue:
        self.fetched.append("jwks")
        keys = [self.key.as_dict(private=False)] if self.does.keys is None else self.does.keys
        return jsonify({"keys": keys})

    def _authorize(self) -> ResponseReturnValue:
        asked = request.args.to_dict()
        self.seen.append(asked)
        if len(asked.get("state", "")) < 32 or len(asked.get("nonce", "")) < 32:
            return "Y000400: state and nonce take 32 characters", 400
        if set(asked) - _KNOWN - (set() if self.strict else _PKCE):
            return "Y000400: unknown parameter", 400
        if not self.strict and asked.get("code_challenge_method") != "S256":
            return "PKCE is wanted", 400
        if asked["client_id"] != CLIENT_ID or asked["response_type"] != "code":
            return "unknown client", 400
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], **self.does.back}
        found = {name: value for name, value in answer.items() if value}
        return redirect(f"{asked['redirect_uri']}?{urlencode(found)}")

    def _token(self) -> ResponseReturnValue:
        if self.does.token_answer is not None:
            return self.does.token_answer()
        asked = self.codes.pop(request.form.get("code", ""), None)
        if asked is None or not self._knows_client() or request.form.get("redirect_uri") != asked["redirect_uri"]:
            return jsonify({"error": "invalid_grant"}), 400
        if "code_challenge" in asked and _challenge(request.form.get("code_verifier", "")) != asked["code_challenge"]:
            return jsonify({"error": "invalid_grant"}), 400
        token = secrets.token_urlsafe(16)
        self.tokens[token] = asked["client_id"]
        id_token = self._id_token(asked["nonce"])
        return jsonify({"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": id_token})

    def _knows_client(self) -> bool:
        given = request.authorization
        if given is not None:
            return (given.username, given.password) == (CLIENT_ID, CLIENT_SECRET) and not self.strict
        return (request.form.get("client_id"), request.form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.does.subject, "nonce": nonce}
        claims |= {"iat": now, "exp": now + 60, "acr": "eidas1", "amr": ["pwd"]}
        claims = _without(claims | self.does.claims, self.does.left_out)
        return self.does.forge(claims) if self.does.forge else self.sign(claims, **self.does.header)

    def _userinfo(self) -> ResponseReturnValue:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return jsonify({"error": "invalid_token"}), 401
        claims = {
            "sub": self.does.subject,
            "email": f"{self.does.subject}@ministere.example.org",
            "siret": "13002526500013",
        }
        if self.strict:
            claims |= {"iss": self.issuer, "aud": CLIENT_ID, "exp": int(time.time()) + 60, "idp_id": "fia1"}
        claims = _without(claims | self.does.userinfo, self.does.userinfo_left_out)
        if self.does.userinfo_forge is not None:
            return self.does.userinfo_forge(claims)
        return Response(self.sign(claims), mimetype="application/jwt") if self.strict else jsonify(claims)

    def _logout(self) -> ResponseReturnValue:
        self.seen.append(request.args.to_dict())
        return "bye"


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _without(claims: Claims, names: tuple[str, ...]) -> Claims:
    return {name: value for name, value in claims.items() if name not in names}


def unsigned(claims: Claims) -> str:
    """Return a token of algorithm « none »."""
    parts = (json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims), "")
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)
