"""Talking to a provider: little, bounded, and never for long with one that does not answer."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response

from pdp.federation import providers
from pdp.federation.client import Client, Unreachable
from pdp.federation.rules import Refused
from tests.federation.conftest import table
from tests.federation.proconnect import Provider
from tests.federation.test_providers import settings
from tests.federation.travel import Travel
from tests.support.client import StrictClient
from tests.support.server import serving
from tests.support.world import World

BACK = "http://localhost/retour"


def client_of(tmp_path: Path, issuer: str) -> Client:
    (found,) = providers.load(settings(tmp_path, table("a", "generic", issuer)))
    return Client(found, production=False)


def test_metadata_and_keys_are_fetched_once(generic: Provider, tmp_path: Path) -> None:
    client = client_of(tmp_path, generic.issuer)
    for _ in range(5):
        client.authorization_url(BACK, "s" * 43, "n" * 43, "v" * 43)
        client.keys()
    assert generic.fetched == ["metadata", "jwks"]


def test_keys_are_not_fetched_again_for_every_unknown_one(generic: Provider, tmp_path: Path) -> None:
    client = client_of(tmp_path, generic.issuer)
    for _ in range(5):
        client.keys(renew=True)
    assert generic.fetched.count("jwks") == 1


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://autre.example.org"},
        {"token_endpoint": ""},
        {"token_endpoint": "http://autre.example.org/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"userinfo_endpoint": "http://10.0.0.1/"},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_metadata_that_lead_astray_are_refused(generic: Provider, tmp_path: Path, metadata: dict[str, str]) -> None:
    generic.behave(metadata=metadata)
    with pytest.raises(Unreachable):
        client_of(tmp_path, generic.issuer).metadata()


def test_a_dead_provider_is_left_alone_and_the_password_door_stays_open(
    app: Flask, client: StrictClient, world: World, generic: Provider, travel: Callable[[StrictClient, str], Travel]
) -> None:
    generic.behave(metadata={"issuer": "https://autre.example.org"})
    page = client.post("/connexion/fournisseur/generic")
    assert page.status_code == 503
    text = page.get_data(as_text=True)
    assert "Generic ne répond pas" in text
    assert 'href="/connexion"' in text
    assert client.get("/connexion").status_code == 200


def test_nobody_listening_costs_one_try_for_ten_seconds(tmp_path: Path) -> None:
    client = client_of(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        client.metadata()
    started = time.monotonic()
    for _ in range(200):
        with pytest.raises(Unreachable):
            client.metadata()
    assert time.monotonic() - started < 0.5


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    """A provider whose answer never ends, a drop at a time, and one that says nothing."""
    app = Flask("slow")

    @app.get("/goutte/.well-known/openid-configuration")
    def drops() -> Response:
        def write() -> Iterator[bytes]:
            for _ in range(60):
                yield b" "
                time.sleep(0.3)

        return Response(write(), mimetype="application/json")

    @app.get("/muet/.well-known/openid-configuration")
    def silent() -> str:
        time.sleep(8)
        return "{}"

    with serving(app) as address:
        yield address


@pytest.mark.parametrize("manner", ["goutte", "muet"])
def test_a_slow_provider_holds_a_thread_for_seven_seconds_at_most(tmp_path: Path, slow: str, manner: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable):
        client_of(tmp_path, f"{slow}/{manner}").metadata()
    assert time.monotonic() - started < 7


def test_a_slow_token_endpoint_is_given_up(generic: Provider, tmp_path: Path) -> None:
    generic.behave(token_answer=lambda: time.sleep(5) or "{}")
    client = client_of(tmp_path, generic.issuer)
    with pytest.raises(Refused, match="unreachable"):
        client.exchange("code", BACK, "v" * 43)
