"""Talk to a provider over HTTP: its metadata, its keys, its token and userinfo endpoints.

Metadata and keys are fetched when first needed and kept an hour. A provider that does not answer is
left alone for a few seconds, so that it holds no thread of ours.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from pdp.federation import providers
from pdp.federation.enums import ProviderKind, Reason
from pdp.federation.providers import Provider
from pdp.federation.rules import Refused

Session = TypeVar("Session", bound=requests.Session)

_CONNECT, _READ, _WHOLE = 3.0, 4.0, 6.0
_LARGEST_ANSWER = 128 * 1024
_KEEP = 3600.0
_LEAVE_ALONE = 10.0
_MIN_RSA_BITS = 2048


class Unreachable(Refused):
    """The provider does not answer, or answers what cannot be read."""

    def __init__(self) -> None:
        super().__init__(Reason.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    names_itself: bool = False


class _Bounded(HTTPAdapter):
    """Bound every answer in time and in size, even one that comes drop by drop."""

    def send(self, request: requests.PreparedRequest, *_args: Any, **options: Any) -> requests.Response:
        """Send a request and read its whole answer within the bounds. Raises `ConnectionError`."""
        ends = monotonic() + _WHOLE
        options |= {"stream": True, "timeout": (_CONNECT, _READ)}
        response = super().send(request, **options)
        body = bytearray()
        while piece := response.raw.read1(16_384, decode_content=True):
            body += piece
            if len(body) > _LARGEST_ANSWER or monotonic() > ends:
                response.close()
                raise requests.ConnectionError("too long an answer")
        response._content, response._content_consumed = bytes(body), True  # type: ignore[attr-defined]
        return response


class Client:
    """One provider as this process knows it."""

    def __init__(self, provider: Provider, *, production: bool) -> None:
        self.provider = provider
        self._production = production
        self._lock = Lock()
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None
        self._metadata_until = self._keys_until = self._alone_until = self._renew_after = 0.0

    def metadata(self) -> Metadata:
        """Return what the provider says of itself, fetched at most once an hour. Raises `Unreachable`."""
        with self._lock:
            if self._metadata is None or monotonic() > self._metadata_until:
                self._metadata = self._fetch_metadata()
                self._metadata_until = monotonic() + _KEEP
            return self._metadata

    def keys(self, *, renew: bool = False) -> KeySet:
        """Return the provider's public keys; `renew` fetches them again for a key not known yet.

        Raises `Unreachable`.
        """
        address = self.metadata().jwks_uri
        with self._lock:
            renew = renew and monotonic() > self._renew_after
            if self._keys is None or renew or monotonic() > self._keys_until:
                if renew:
                    self._renew_after = monotonic() + _LEAVE_ALONE
                self._keys = _import_keys(self._get_json(address))
                self._keys_until = monotonic() + _KEEP
            return self._keys

    def authorization_url(self, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Return where to send the person. Raises `Unreachable`."""
        endpoint = self.metadata().authorization_endpoint
        with self._session(redirect_uri) as session:
            if self.provider.kind is ProviderKind.PROCONNECT:
                # ProConnect refuses any parameter of OAuth that it does not know: neither PKCE nor acr_values.
                url, _ = session.create_authorization_url(endpoint, state=state, nonce=nonce, claims=self._claims())
            else:
                acr = {"acr_values": " ".join(self.provider.required_acr)} if self.provider.required_acr else {}
                url, _ = session.create_authorization_url(
                    endpoint, state=state, nonce=nonce, code_verifier=verifier, **acr
                )
        return str(url)

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> Mapping[str, Any]:
        """Return the tokens that a code is worth. Raises `Unreachable` or `Refused`."""
        endpoint = self.metadata().token_endpoint
        proof = {} if self.provider.kind is ProviderKind.PROCONNECT else {"code_verifier": verifier}
        try:
            with self._session(redirect_uri) as session:
                found = session.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=redirect_uri,
                    allow_redirects=False,
                    proxies=get_environ_proxies(endpoint),
                    **proof,
                )
        except requests.RequestException as error:
            raise Unreachable from error
        except (AuthlibBaseError, ValueError, TypeError, RecursionError) as error:
            raise Refused(Reason.EXCHANGE) from error
        if not all(isinstance(found.get(name), str) for name in ("access_token", "id_token")):
            raise Refused(Reason.EXCHANGE)
        tokens: Mapping[str, Any] = found
        return tokens

    def userinfo(self, access_token: str) -> tuple[str, str]:
        """Return the media type and the text of what the provider says of the person. Raises `Unreachable`."""
        answer = self._get(self.metadata().userinfo_endpoint, {"Authorization": f"Bearer {access_token}"})
        return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(), answer.text

    def end_session_url(self, id_token: str, back_to: str, state: str) -> str | None:
        """Return where to end the session at the provider; None when it cannot be ended there."""
        try:
            endpoint = self.metadata().end_session_endpoint
        except Unreachable:
            return None
        if not endpoint:
            return None
        asked = {"post_logout_redirect_uri": back_to, "state": state, "client_id": self.provider.client_id}
        if id_token:
            asked["id_token_hint"] = id_token
        if self.provider.kind is ProviderKind.PROCONNECT:
            del asked["client_id"]
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def _claims(self) -> str:
        asked: dict[str, Any] = {"amr": {"essential": True}, "acr": {"essential": True}, "auth_time": None}
        if self.provider.required_acr:
            asked["acr"] = {"essential": True, "values": list(self.provider.required_acr)}
        return json.dumps({"id_token": asked}, separators=(",", ":"))

    def _session(self, redirect_uri: str) -> OAuth2Session:
        session = OAuth2Session(
            self.provider.client_id,
            self.provider.client_secret,
            token_endpoint_auth_method=self.provider.token_auth,
            scope=" ".join(self.provider.scopes),
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )
        return _bound(session)

    def _fetch_metadata(self) -> Metadata:
        found = self._get_json(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.provider.issuer:
            raise Unreachable
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        optional = ("userinfo_endpoint", "end_session_endpoint")
        addresses = {name: str(found.get(name, "")) for name in names + optional}
        for name, address in addresses.items():
            if (address or name in names) and not providers.is_safe_address(address, production=self._production):
                raise Unreachable
        return Metadata(**addresses, names_itself=found.get("authorization_response_iss_parameter_supported") is True)

    def _get_json(self, address: str) -> Mapping[str, Any]:
        try:
            found = json.loads(self._get(address, {"Accept": "application/json"}).text)
        except (ValueError, RecursionError) as error:
            raise Unreachable from error
        if not isinstance(found, dict):
            raise Unreachable
        return found

    def _get(self, address: str, headers: Mapping[str, str]) -> requests.Response:
        if monotonic() < self._alone_until:
            raise Unreachable
        try:
            with _bound(requests.Session()) as session:
                answer = session.get(
                    address, headers=headers, allow_redirects=False, proxies=get_environ_proxies(address)
                )
        except requests.RequestException as error:
            self._alone_until = monotonic() + _LEAVE_ALONE
            raise Unreachable from error
        if answer.status_code != 200:
            raise Unreachable
        return answer


def _bound(session: Session) -> Session:
    # The environment's .netrc must not answer in our place; its proxies are asked for by name.
    session.trust_env = False
    session.mount("https://", _Bounded())
    session.mount("http://", _Bounded())
    return session


def _import_keys(found: Mapping[str, Any]) -> KeySet:
    """Return the keys that sign, and no shared secret among them."""
    entries = found.get("keys")
    usable = []
    for entry in entries if isinstance(entries, list) else []:
        if not _signs(entry):
            continue
        try:
            usable.append(JWKRegistry.import_key(entry))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return KeySet(usable)


def _signs(entry: object) -> bool:
    """Tell whether an entry of a key set is a public key to check signatures with, and a long enough one."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return False
    # In base64url: six bits a character.
    return entry.get("kty") == "EC" or (
        entry.get("kty") == "RSA" and len(str(entry.get("n", ""))) * 6 >= _MIN_RSA_BITS
    )


_clients: dict[str, Client] = {}


def install(found: tuple[Provider, ...], *, production: bool) -> None:
    """Make these the providers of this process, with nothing known of them yet."""
    providers.install(found)
    _clients.clear()
    _clients.update({one.name: Client(one, production=production) for one in found})


def client_of(provider: Provider) -> Client:
    """Return the client of a provider."""
    return _clients[provider.name]
