"""A person links a professional identity, then signs in with it, in a real browser and at a real provider."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pdp.settings import Settings
from tests.federation.conftest import table
from tests.federation.mock import running
from tests.support.axe import violations
from tests.support.client import StrictClient
from tests.support.signing import code_of
from tests.support.world import World

pytestmark = pytest.mark.journey
EMAIL = "cpam.a@example.org"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that we did not write."""
    with running() as address:
        yield address


@pytest.fixture
def settings(settings: Settings, provider: str, tmp_path: Path) -> Settings:
    """Settings that name it."""
    file = tmp_path / "providers.toml"
    file.write_text(table("mock", "generic", provider).replace('"Mock"', '"Identité Agent"'), encoding="utf-8")
    return replace(settings, providers=str(file))


def _answer(page: Page, provider: str, subject: str) -> None:
    page.wait_for_url(f"{provider}/**")
    page.locator("input[name=sub]").last.fill(subject)
    page.get_by_role("button", name="Authorize").last.click()


def _browser(open_page: Callable[..., Page], width: int = 1280) -> Page:
    """Open a page; the provider's own style sheet is on the Internet, where no test goes."""
    page = open_page(width=width)
    page.context.route(re.compile("^(?!http://127)"), lambda route: route.fulfill(body="", content_type="text/css"))
    return page


def _inspect(page: Page) -> None:
    assert [found["id"] for found in violations(page)] == []


def test_an_identity_is_linked_then_opens_the_account(
    world: World,
    open_page: Callable[..., Page],
    sign_in_as: Callable[[str], StrictClient],
    address: str,
    provider: str,
    figure: Callable[[str, object], None],
) -> None:
    page = _browser(open_page)
    cookie = sign_in_as("a.cpam").get_cookie("pdp")
    assert cookie is not None
    page.context.add_cookies([{"name": "pdp", "value": cookie.value, "url": address}])
    page.goto("/mon-compte/securite")
    _inspect(page)
    page.get_by_role("button", name="Rattacher Identité Agent").click()
    _answer(page, provider, "agent.de.la.cpam@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rattacher Identité Agent")
    expect(page.get_by_text("agent.de.la.cpam@example.org")).to_be_visible()
    _inspect(page)
    page.get_by_role("button", name="Oui, rattacher cette identité").click()
    expect(page.get_by_role("cell", name="agent.de.la.cpam@example.org", exact=True)).to_be_visible()
    _inspect(page)

    phone = _browser(open_page, width=360)
    phone.goto("/cellule")
    _inspect(phone)
    phone.get_by_role("button", name="Se connecter avec Identité Agent").click()
    _answer(phone, provider, "agent.de.la.cpam@example.org")
    # The provider vouches for one factor: ours is asked.
    phone.wait_for_url(f"{address}/connexion/second-facteur")
    phone.get_by_label("Code").first.fill(code_of(EMAIL))
    phone.get_by_role("button", name="Continuer").click()
    phone.wait_for_url(f"{address}/cellule")

    stranger = _browser(open_page)
    stranger.goto("/connexion")
    stranger.get_by_role("button", name="Se connecter avec Identité Agent").click()
    _answer(stranger, provider, EMAIL)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Aucun accès avec cette identité")
    _inspect(stranger)
    figure("oidc.journey", "linked, signed in with on a phone, refused to who copies an address: in Chromium")
