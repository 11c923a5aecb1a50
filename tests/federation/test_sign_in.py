"""Signing in through a provider: which one, who it opens to, and what it proves."""

import json
from collections.abc import Callable

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from pdp.accounts.models import Membership, User, UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.federation.models import LinkedIdentity, ProviderSignIn
from tests.federation.builders import link
from tests.federation.proconnect import Provider
from tests.federation.travel import Travel, is_signed_in, leaves_for
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import code_of
from tests.support.world import World

Go = Callable[[StrictClient, str], Travel]
MFA = {"amr": ["pwd", "mfa"]}


def linked(world: World, name: str, issuer: str, subject: str, provider: str) -> None:
    with as_owner():
        link(world, name, issuer, subject, provider)


def test_proconnect_opens_the_account_linked_to_it(
    client: StrictClient, world: World, proconnect: Provider, travel: Go
) -> None:
    linked(world, "a.cpam", proconnect.issuer, "agent-1", "proconnect")
    proconnect.does.claims = MFA
    sent = travel(client, "proconnect").sign_in()
    assert (sent.status_code, sent.location) == (302, "/")
    assert is_signed_in(client)
    asked = proconnect.seen[0]
    assert set(asked) == {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims"}
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    levels = {"amr": {"essential": True}, "acr": {"essential": True}, "auth_time": None}
    assert json.loads(asked["claims"]) == {"id_token": levels}
    with as_owner() as session:
        facts = session.scalars(select(ProviderSignIn)).one()
        entries = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        used = session.scalars(select(LinkedIdentity.last_used_at)).one()
    assert (facts.amr, facts.siret, facts.idp_id) == ("pwd mfa", "13002526500013", "fia1")
    assert [entries.count(action) for action in ("account.sign_in", "federation.prove")] == [1, 1]
    assert used is not None


def test_a_provider_off_the_shelf_opens_the_account_linked_to_it(
    client: StrictClient, world: World, mock: str, travel: Go
) -> None:
    linked(world, "a.cpam", mock, "agent.de.la.cpam", "mock")
    trip = travel(client, "mock")
    address = trip.leave()
    assert "code_challenge_method=S256" in address
    sent = requests.post(address, data={"sub": "agent.de.la.cpam"}, allow_redirects=False, timeout=5)
    back = client.get(sent.headers["Location"].removeprefix("http://localhost"))
    # One factor at the provider: ours is asked.
    assert back.location == "/connexion/second-facteur"
    assert not is_signed_in(client)
    with as_owner() as session:
        assert session.scalars(select(UserSession.proofs)).one() == "provider"


def test_two_factors_at_the_provider_are_enough_and_one_is_not(
    app: Flask, world: World, generic: Provider, travel: Go
) -> None:
    linked(world, "a.cpam", generic.issuer, "agent-1", "generic")
    for acr, opens in (("eidas2", True), ("eidas1", False)):
        generic.does.claims = {"acr": acr, "amr": ["mfa"]}
        client = StrictClient(app, app.response_class)
        sent = travel(client, "generic").sign_in()
        assert sent.location == ("/" if opens else "/connexion/second-facteur")
        assert is_signed_in(client) is opens


def test_one_factor_at_the_provider_and_our_own_code_open_the_account(
    client: StrictClient, world: World, generic: Provider, travel: Go
) -> None:
    linked(world, "a.cpam", generic.issuer, "agent-1", "generic")
    assert travel(client, "generic").sign_in().location == "/connexion/second-facteur"
    client.csrf = None
    wrong = client.post("/connexion/second-facteur", data={"code": "000000"})
    assert wrong.status_code == 422
    assert not is_signed_in(client)
    client.csrf = None
    client.post("/connexion/second-facteur", data={"code": code_of("cpam.a@example.org")})
    assert is_signed_in(client)
    with as_owner() as session:
        assert session.scalars(select(UserSession.proofs)).one() == "totp provider"


def test_the_page_asked_for_before_is_the_one_shown_after(
    client: StrictClient, world: World, generic: Provider, travel: Go
) -> None:
    linked(world, "a.cpam", generic.issuer, "agent-1", "generic")
    generic.does.claims = {"acr": "eidas2"}
    assert travel(client, "generic").sign_in(suite="/cellule").location == "/cellule"


def test_the_sign_in_page_shows_a_button_per_provider(client: StrictClient, world: World) -> None:
    page = client.get("/connexion").get_data(as_text=True)
    for label in ("Proconnect", "Generic", "Mock"):
        assert f"Se connecter avec {label}" in page


def test_unknown_disabled_and_departed_people_read_the_same_page(
    app: Flask, world: World, generic: Provider, travel: Go
) -> None:
    generic.does.claims = {"acr": "eidas2"}
    linked(world, "a.cpam", generic.issuer, "parti", "generic")
    linked(world, "a.csam", generic.issuer, "desactive", "generic")
    with as_owner() as session:
        session.get_one(User, world.user["a.csam"]).disabled_at = clock.now()
        for held in session.scalars(select(Membership).where(Membership.user_id == world.user["a.cpam"])):
            held.ends_on = held.starts_on
    pages = set()
    for subject in ("inconnu", "parti", "desactive"):
        generic.does.subject = subject
        client = StrictClient(app, app.response_class)
        answer = travel(client, "generic").sign_in()
        assert answer.status_code == 403
        assert not is_signed_in(client)
        pages.add(answer.get_data(as_text=True))
    assert len(pages) == 1
    assert "Mes moyens de connexion" in pages.pop()


def test_a_session_left_open_at_the_provider_is_no_proof_of_now(
    client: StrictClient, world: World, generic: Provider, travel: Go
) -> None:
    linked(world, "a.cpam", generic.issuer, "agent-1", "generic")
    hour_ago = int(clock.now().timestamp()) - 3600
    generic.does.claims = {"acr": "eidas2", "auth_time": -(10**9)}
    assert travel(client, "generic").sign_in().location == "/"
    client.post("/deconnexion")
    client.csrf = None
    generic.does.claims = {"acr": "eidas2", "auth_time": hour_ago}
    assert travel(client, "generic").sign_in().location == "/"
    with as_owner() as session:
        proven_at = session.scalars(select(UserSession.proven_at).order_by(UserSession.id.desc()).limit(1)).one()
    assert proven_at is not None
    assert int(proven_at.timestamp()) == hour_ago
    # A grave act asks for a proof of now.
    client.csrf = None
    page = client.post("/mon-compte/fournisseurs/generic").get_data(as_text=True)
    assert "Continuer vers" not in page


def test_signing_out_ends_the_session_at_the_provider_too(
    client: StrictClient, world: World, proconnect: Provider, travel: Go
) -> None:
    linked(world, "a.cpam", proconnect.issuer, "agent-1", "proconnect")
    proconnect.does.claims = MFA
    travel(client, "proconnect").sign_in()
    page = client.post("/deconnexion")
    address = leaves_for(page)
    requests.get(address, timeout=5)
    asked = proconnect.seen[-1]
    assert set(asked) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert asked["post_logout_redirect_uri"] == "http://localhost/connexion"
    assert asked["id_token_hint"].count(".") == 2
    assert not is_signed_in(client)


def test_signing_out_of_a_password_leads_nowhere_else(sign_in_as: Callable[[str], StrictClient], world: World) -> None:
    assert sign_in_as("a.cpam").post("/deconnexion").location == "/connexion"


@pytest.mark.parametrize("provider", ["inconnu", "Generic"])
def test_a_provider_that_is_not_installed_is_not_found(client: StrictClient, world: World, provider: str) -> None:
    assert client.post(f"/connexion/fournisseur/{provider}").status_code == 404
    assert client.get(f"/connexion/fournisseur/{provider}/retour").status_code == 404
