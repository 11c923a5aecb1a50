"""An installation with three providers: ProConnect's stub, a generic one, and a real one off the shelf."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pdp.federation import client, providers
from pdp.settings import Settings
from tests.federation.mock import running
from tests.federation.proconnect import CLIENT_ID, CLIENT_SECRET, Provider
from tests.federation.travel import Travel
from tests.support.client import StrictClient
from tests.support.server import serving


def served(*, strict: bool) -> Iterator[Provider]:
    """Serve a provider of ours."""
    provider = Provider(strict=strict)
    with serving(provider.app) as address:
        provider.issuer = address
        yield provider


@pytest.fixture(scope="session")
def proconnect_server() -> Iterator[Provider]:
    """The stub with ProConnect's manners."""
    yield from served(strict=True)


@pytest.fixture(scope="session")
def generic_server() -> Iterator[Provider]:
    """The stub of an ordinary provider."""
    yield from served(strict=False)


@pytest.fixture
def proconnect(proconnect_server: Provider) -> Provider:
    """The stub with ProConnect's manners, behaving well."""
    proconnect_server.behave()
    return proconnect_server


@pytest.fixture
def generic(generic_server: Provider) -> Provider:
    """The stub of an ordinary provider, behaving well."""
    generic_server.behave()
    return generic_server


@pytest.fixture(scope="session")
def mock() -> Iterator[str]:
    """A provider that we did not write, and its address."""
    with running() as address:
        yield address


def table(name: str, kind: str, issuer: str, *more: str) -> str:
    """Return a table of the providers' file."""
    lines = (
        "[[provider]]",
        f'name = "{name}"',
        f'label = "{name.capitalize()}"',
        f'kind = "{kind}"',
        f'issuer = "{issuer}"',
        f'client_id = "{CLIENT_ID}"',
        f'client_secret = "{CLIENT_SECRET}"',
        *more,
    )
    return "\n".join(lines) + "\n\n"


@pytest.fixture
def settings(settings: Settings, proconnect: Provider, generic: Provider, mock: str, tmp_path: Path) -> Settings:
    """Settings that name the three providers."""
    file = tmp_path / "providers.toml"
    file.write_text(
        table("proconnect", "proconnect", proconnect.issuer, 'two_factor_amr = ["mfa"]')
        + table(
            "generic", "generic", generic.issuer, 'required_acr = ["eidas1", "eidas2"]', 'two_factor_acr = ["eidas2"]'
        )
        + table("mock", "generic", mock, 'scopes = ["openid", "email"]'),
        encoding="utf-8",
    )
    return replace(settings, providers=str(file))


@pytest.fixture
def travel() -> Callable[[StrictClient, str], Travel]:
    """Return a traveller between a browser of ours and a provider: `travel(client, "generic")`."""
    return Travel


@pytest.fixture
def narrow(settings: Settings, generic: Provider) -> Callable[[str], None]:
    """Return what starts the process again with one more setting of the generic provider."""

    def start_again(setting: str) -> None:
        file = Path(settings.providers)
        text = table("generic", "generic", generic.issuer, 'two_factor_acr = ["eidas2"]', setting)
        file.write_text(text, encoding="utf-8")
        client.install(providers.load(settings), production=False)

    return start_again
