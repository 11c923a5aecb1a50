"""The identity providers of an installation, read once from the file that PDP_PROVIDERS names."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pdp.accounts.enums import OrganisationKind
from pdp.federation.enums import ProviderKind
from pdp.settings import Settings, SettingsError

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LOOPBACK = {"127.0.0.1", "localhost"}
_PRESETS: dict[ProviderKind, dict[str, Any]] = {
    ProviderKind.PROCONNECT: {
        "label": "ProConnect",
        "scopes": ("openid", "given_name", "usual_name", "email", "siret", "idp_id"),
        "token_auth": "client_secret_post",
    },
    # The one level that Pro Santé Connect gives, whatever the card or the telephone used.
    ProviderKind.PRO_SANTE_CONNECT: {
        "label": "Pro Santé Connect",
        "scopes": ("openid", "scope_all"),
        "required_acr": ("eidas1",),
    },
    ProviderKind.GENERIC: {},
}


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider and what this installation lets it do.

    `two_factor_acr` and `two_factor_amr` are the words that count as two factors; without one of them
    in the ID token, our own second factor is asked. `cellules` (codes) and `organisations` (kinds) say
    for whom it is; empty means for all.
    """

    name: str
    label: str
    kind: ProviderKind
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("openid", "email")
    token_auth: str = "client_secret_basic"  # noqa: S105 - the name of a method
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    required_acr: tuple[str, ...] = ()
    two_factor_acr: tuple[str, ...] = ()
    two_factor_amr: tuple[str, ...] = ()
    cellules: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    def is_for(self, cellule_code: str, kind: OrganisationKind) -> bool:
        """Tell whether people of an organisation of this kind, in this cellule, may sign in through it."""
        return (not self.cellules or cellule_code in self.cellules) and (
            not self.organisations or kind.value in self.organisations
        )


_LISTS = frozenset(one.name for one in fields(Provider) if str(one.type).startswith("tuple"))
_WORDS = frozenset(one.name for one in fields(Provider)) - _LISTS
_installed: dict[str, Provider] = {}


def install(providers: tuple[Provider, ...]) -> None:
    """Make these the providers of this process."""
    _installed.clear()
    _installed.update({provider.name: provider for provider in providers})


def installed() -> tuple[Provider, ...]:
    """Return the providers of this process, in the order of the file."""
    return tuple(_installed.values())


def find(name: str) -> Provider | None:
    """Return a provider by the name that addresses carry."""
    return _installed.get(name)


def label_of(name: str) -> str:
    """Return how to call a provider, even one that is no longer installed."""
    if name in _installed:
        return _installed[name].label
    return str(next((preset["label"] for kind, preset in _PRESETS.items() if kind == name and preset), name))


def load(settings: Settings) -> tuple[Provider, ...]:
    """Read the providers' file. Raises `SettingsError` when it is malformed or unsafe in production."""
    if not settings.providers:
        return ()
    if settings.production and not settings.public_url:
        raise SettingsError("PDP_PROVIDERS also needs PDP_PUBLIC_URL (https://…): providers send people back there")
    try:
        found = tomllib.loads(Path(settings.providers).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"PDP_PROVIDERS: {settings.providers} cannot be read as TOML") from error
    entries = found.pop("provider", [])
    if found or not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
        raise SettingsError("PDP_PROVIDERS must hold [[provider]] tables and nothing else")
    providers = tuple(parse(entry, production=settings.production) for entry in entries)
    for what in ("name", "issuer"):
        if len({getattr(one, what) for one in providers}) < len(providers):
            raise SettingsError(f"PDP_PROVIDERS: two providers have the same {what}")
    return providers


def parse(entry: Mapping[str, Any], *, production: bool) -> Provider:
    """Return the provider that a table of the file describes. Raises `SettingsError`."""
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SettingsError("PDP_PROVIDERS: a name is made of a–z, 0–9 and hyphens")
    _refuse_malformed(name, entry)
    kind = ProviderKind(entry["kind"])
    given = {key: tuple(value) if key in _LISTS else value for key, value in entry.items()}
    given = _PRESETS[kind] | given | {"kind": kind}
    missing = {"label", "issuer", "client_id", "client_secret"} - {key for key, value in given.items() if value}
    if missing:
        raise SettingsError(f"PDP_PROVIDERS: {name} lacks {', '.join(sorted(missing))}")
    provider = Provider(**given)
    _refuse_unsafe(provider, production)
    return provider


def _refuse_malformed(name: str, entry: Mapping[str, Any]) -> None:
    unknown = entry.keys() - _LISTS - _WORDS
    if unknown:
        raise SettingsError(f"PDP_PROVIDERS: {name} has unknown settings: {', '.join(sorted(unknown))}")
    for key, value in entry.items():
        is_list = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        if not (is_list if key in _LISTS else isinstance(value, str)):
            raise SettingsError(
                f"PDP_PROVIDERS: {key} of {name} must be a {'list of texts' if key in _LISTS else 'text'}"
            )
    if entry.get("kind") not in set(ProviderKind):
        raise SettingsError(f"PDP_PROVIDERS: kind of {name} must be one of {', '.join(ProviderKind)}")
    if not isinstance(entry.get("issuer"), str):
        raise SettingsError(f"PDP_PROVIDERS: {name} lacks issuer")


def _refuse_unsafe(provider: Provider, production: bool) -> None:
    """Refuse what would let a stranger in: a plain line, a shared-secret signature, no signature at all."""
    if not is_safe_address(provider.issuer, production=production) or urlsplit(provider.issuer).query:
        raise SettingsError(f"PDP_PROVIDERS: issuer of {provider.name} must be an https:// address")
    if not provider.algorithms or set(provider.algorithms) - {"RS256", "RS384", "RS512", "PS256", "ES256", "ES384"}:
        raise SettingsError(f"PDP_PROVIDERS: algorithms of {provider.name} must be signatures by a private key")
    if provider.token_auth not in {"client_secret_basic", "client_secret_post"}:
        raise SettingsError(f"PDP_PROVIDERS: token_auth of {provider.name} is not known")
    if "openid" not in provider.scopes:
        raise SettingsError(f"PDP_PROVIDERS: scopes of {provider.name} must hold openid")
    if set(provider.organisations) - {kind.value for kind in OrganisationKind}:
        raise SettingsError(
            f"PDP_PROVIDERS: organisations of {provider.name} are kinds: {', '.join(OrganisationKind)}"
        )


def is_safe_address(address: str, *, production: bool) -> bool:
    """Tell whether a provider may be reached there: over HTTPS, or on this machine outside production."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return not production and parts.scheme == "http" and parts.hostname in _LOOPBACK
