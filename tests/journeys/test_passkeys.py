"""A passkey in a real Chromium, with its virtual device: made at the first sign-in, then used alone, then again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import delete, select, update

from pdp.accounts.models import UserSession
from pdp.core import clock
from pdp.factors.models import Passkey, TotpFactor
from tests.support.axe import violations
from tests.support.databases import as_owner
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.journey

EMAIL = "cpam.a@example.org"


@pytest.fixture
def person(open_page: Callable[..., Page], address: str, world: World) -> tuple[Page, CDPSession, str]:
    """A person without any factor yet, at a computer that keeps passkeys, at `localhost`: an address has a name."""
    with as_owner() as session:
        session.execute(delete(TotpFactor).where(TotpFactor.user_id == world.user["a.cpam"]))
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    number = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.goto(address.replace("127.0.0.1", "localhost") + "/connexion")
    return page, device, number


def type_password(page: Page) -> None:
    page.get_by_label("Adresse électronique professionnelle").fill(EMAIL)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def press(page: Page, name: str) -> None:
    """Press a button with the keyboard alone."""
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter", level=1)).to_be_visible()


def sessions() -> list[UserSession]:
    with as_owner() as session:
        return list(session.scalars(select(UserSession).order_by(UserSession.id)))


def test_a_passkey_is_made_used_alone_and_confirms_a_grave_act(
    person: tuple[Page, CDPSession, str], world: World, figure: Any
) -> None:
    page, device, number = person
    type_password(page)
    expect(page.get_by_role("heading", name="Protéger votre compte")).to_be_visible()
    assert violations(page) == []
    press(page, "Créer une clé d’accès sur cet appareil")
    expect(page.get_by_role("heading", level=1, name="Ce qui vous attend")).to_be_visible()
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]) == 1
    sign_out(page)

    # Nothing is typed: the device knows whose key it is.
    press(page, "Se connecter avec une clé d’accès")
    expect(page.get_by_role("heading", level=1, name="Ce qui vous attend")).to_be_visible()
    assert sessions()[-1].proofs == "passkey"
    with as_owner() as session:
        passkey = session.scalars(select(Passkey)).one()
        assert passkey.sign_count > 0
        # Twenty minutes go by.
        session.execute(update(UserSession).values(proven_at=clock.now() - timedelta(minutes=20)))

    page.goto(page.url.partition("/connexion")[0].rstrip("/") + "/mon-compte/securite/cle-acces")
    expect(page.get_by_role("heading", name="Confirmez que c’est vous")).to_be_visible()
    assert violations(page) == []
    press(page, "Confirmer avec ma clé d’accès")
    expect(page.get_by_role("heading", name="Ajouter une clé d’accès")).to_be_visible()
    proven_at = sessions()[-1].proven_at
    assert proven_at is not None
    assert clock.now() - proven_at < timedelta(minutes=1)
    sign_out(page)

    # After a password, the same key is the second step.
    type_password(page)
    press(page, "Utiliser ma clé d’accès")
    expect(page.get_by_role("heading", level=1, name="Ce qui vous attend")).to_be_visible()
    figure("passkeys.chromium", "made, used alone, to confirm and as a second step, with the keyboard alone")


def test_a_device_that_does_not_verify_its_holder_is_told_in_french(
    person: tuple[Page, CDPSession, str], world: World
) -> None:
    page, device, number = person
    type_password(page)
    press(page, "Créer une clé d’accès sur cet appareil")
    expect(page.get_by_role("heading", level=1, name="Ce qui vous attend")).to_be_visible()
    sign_out(page)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    press(page, "Se connecter avec une clé d’accès")
    expect(page.get_by_role("status")).to_contain_text("La clé d’accès n’a pas été utilisée")
    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_be_focused()
    assert [row for row in sessions() if row.revoked_at is None] == []


def test_without_scripts_or_at_a_bare_address_no_button_is_shown(
    browser: Any, address: str, open_page: Callable[..., Page], world: World
) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="fr-FR")
    try:
        page = context.new_page()
        page.goto(address.replace("127.0.0.1", "localhost") + "/connexion")
        assert page.get_by_role("button", name="Se connecter avec une clé d’accès").count() == 0
        assert page.get_by_role("button", name="Se connecter", exact=True).count() == 1
    finally:
        context.close()
    bare = open_page()
    bare.goto("/connexion")
    assert bare.get_by_role("button", name="Se connecter avec une clé d’accès").count() == 0
