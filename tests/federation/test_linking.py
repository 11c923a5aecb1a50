"""Linking an identity takes both proofs, in one browser, and a yes; nothing else ever links."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from pdp.accounts.models import Membership, User, UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.federation.models import LinkedIdentity
from pdp.notifications.models import Notice
from tests.federation.builders import link
from tests.federation.proconnect import Provider
from tests.federation.travel import Travel, is_signed_in
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

Go = Callable[[StrictClient, str], Travel]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
CONFIRM = "/mon-compte/fournisseurs/rattachement"
SECURITY = "/mon-compte/securite"


def links() -> list[tuple[int, str, str]]:
    with as_owner() as session:
        found = session.scalars(select(LinkedIdentity).order_by(LinkedIdentity.id))
        return [(row.user_id, row.issuer, row.subject) for row in found]


def last_action() -> str:
    with as_owner() as session:
        return session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)).one()


def new_browser(app: Flask) -> StrictClient:
    return StrictClient(app, app.response_class)


def test_an_identity_is_linked_by_its_holder_and_then_opens_the_account(
    app: Flask, world: World, sign_in_as: SignIn, generic: Provider, travel: Go
) -> None:
    client = sign_in_as("a.cpam")
    assert "Rattacher Generic" in client.get(SECURITY).get_data(as_text=True)
    assert travel(client, "generic").link().location == CONFIRM
    assert links() == []
    page = client.get(CONFIRM).get_data(as_text=True)
    assert "agent-1@ministere.example.org" in page
    assert client.post(CONFIRM).location == SECURITY
    assert links() == [(world.user["a.cpam"], generic.issuer, "agent-1")]
    assert last_action() == "federation.link"
    with as_owner() as session:
        told = session.scalars(select(Notice.user_id)).all()
    assert told == [world.user["a.cpam"]]
    assert "agent-1@ministere.example.org" in client.get(SECURITY).get_data(as_text=True)
    generic.does.claims = {"acr": "eidas2"}
    other = new_browser(app)
    assert travel(other, "generic").sign_in().location == "/"
    assert is_signed_in(other)


def test_a_yes_links_once(world: World, sign_in_as: SignIn, generic: Provider, travel: Go) -> None:
    client = sign_in_as("a.cpam")
    travel(client, "generic").link()
    client.post(CONFIRM)
    assert client.get(CONFIRM).status_code == 404
    assert client.post(CONFIRM).status_code == 404
    assert len(links()) == 1


def test_an_offer_waits_ten_minutes(world: World, sign_in_as: SignIn, generic: Provider, travel: Go) -> None:
    client = sign_in_as("a.cpam")
    travel(client, "generic").link()
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert client.post(CONFIRM).status_code == 404
    assert links() == []


def test_an_identity_of_somebody_else_is_not_linked_again(
    world: World, sign_in_as: SignIn, generic: Provider, travel: Go
) -> None:
    with as_owner():
        link(world, "a.csam", generic.issuer, "agent-1", "generic")
    client = sign_in_as("a.cpam")
    travel(client, "generic").link()
    answer = client.post(CONFIRM)
    assert answer.status_code == 422
    assert "ne peut pas être rattachée" in answer.get_data(as_text=True)
    assert links() == [(world.user["a.csam"], generic.issuer, "agent-1")]


def test_a_stranger_cannot_have_a_victim_link_the_stranger_s_identity(
    world: World, sign_in_as: SignIn, generic: Provider, travel: Go, figure: Figure
) -> None:
    """Account linking CSRF: the stranger's answer is opened in the victim's browser, on its way or not."""
    stranger, tried = sign_in_as("a.csam"), 0
    generic.does.subject = "pirate"
    for prepare in ("idle", "linking"):
        victim = sign_in_as("a.cpam")
        if prepare != "idle":
            travel(victim, "generic").leave("/mon-compte/fournisseurs/")
        trip = travel(stranger, "generic")
        for path in ("/mon-compte/fournisseurs/", "/connexion/fournisseur/"):
            back = trip.answer(trip.leave(path))
            assert victim.get(back).status_code == 403
            assert victim.post(CONFIRM).status_code == 404
            tried += 1
    # A post from another site carries no token of ours.
    victim = sign_in_as("a.cpam")
    headers = {"Origin": "https://pirate.example.org", "Sec-Fetch-Site": "cross-site"}
    for path in ("/mon-compte/fournisseurs/generic", CONFIRM):
        assert victim.post(path, headers=headers).status_code == 400
        tried += 1
    assert links() == []
    figure("oidc.linking_csrf", f"0 of {tried} forged links")


def test_the_answer_of_a_link_is_refused_in_another_sign_in_of_the_same_browser(
    world: World, sign_in_as: SignIn, generic: Provider, travel: Go
) -> None:
    """A cookie of before is put back after somebody else signed in on the same computer."""
    first = sign_in_as("a.csam")
    trip = travel(first, "generic")
    back = trip.answer(trip.leave("/mon-compte/fournisseurs/"))
    with first.session_transaction() as cookie:
        carried = cookie["trip"]
    second = sign_in_as("a.cpam")
    with second.session_transaction() as cookie:
        cookie["trip"] = carried
    assert second.get(back).status_code == 403
    assert second.get(CONFIRM).status_code == 404
    assert links() == []


def test_the_answer_of_a_link_is_refused_once_signed_out(
    world: World, sign_in_as: SignIn, generic: Provider, travel: Go
) -> None:
    client = sign_in_as("a.cpam")
    trip = travel(client, "generic")
    back = trip.answer(trip.leave("/mon-compte/fournisseurs/"))
    with client.session_transaction() as cookie:
        del cookie["_user_id"]
    assert client.get(back).status_code == 403
    assert links() == []


def test_a_sign_in_through_a_provider_never_links(app: Flask, world: World, generic: Provider, travel: Go) -> None:
    generic.does.claims = {"acr": "eidas2"}
    assert travel(new_browser(app), "generic").sign_in().status_code == 403
    assert links() == []


def test_an_old_proof_neither_links_nor_unlinks(world: World, sign_in_as: SignIn, generic: Provider) -> None:
    client = sign_in_as("a.cpam")
    with as_owner() as session:
        linked = link(world, "a.cpam", generic.issuer, "agent-1", "generic").public_id
        for row in session.scalars(select(UserSession)):
            row.proofs, row.proven_at = "provider_two_factors", clock.now() - timedelta(minutes=16)
    paths = ("/mon-compte/fournisseurs/generic", CONFIRM, f"/mon-compte/identites/{linked}/detachement")
    for path in paths:
        answer = client.post(path)
        assert answer.status_code == 403
        assert "Confirmez que c’est vous" in answer.get_data(as_text=True)
    assert len(links()) == 1


def test_an_unlinked_identity_opens_nothing_and_its_sign_ins_end(
    app: Flask, world: World, sign_in_as: SignIn, generic: Provider, travel: Go
) -> None:
    with as_owner():
        linked = link(world, "a.cpam", generic.issuer, "agent-1", "generic").public_id
    generic.does.claims = {"acr": "eidas2"}
    elsewhere = new_browser(app)
    travel(elsewhere, "generic").sign_in()
    assert is_signed_in(elsewhere)
    client = sign_in_as("a.cpam")
    assert client.post(f"/mon-compte/identites/{linked}/detachement").location == SECURITY
    assert last_action() == "federation.unlink"
    assert not is_signed_in(elsewhere)
    assert travel(new_browser(app), "generic").sign_in().status_code == 403
    assert is_signed_in(client)


def test_nobody_unlinks_the_identity_of_somebody_else(world: World, sign_in_as: SignIn, generic: Provider) -> None:
    with as_owner():
        linked = link(world, "a.cpam", generic.issuer, "agent-1", "generic").public_id
    assert sign_in_as("a.csam").post(f"/mon-compte/identites/{linked}/detachement").status_code == 404
    assert len(links()) == 1


def test_the_only_way_in_is_not_unlinked(world: World, sign_in_as: SignIn, generic: Provider) -> None:
    with as_owner() as session:
        linked = link(world, "a.cpam", generic.issuer, "agent-1", "generic").public_id
        session.get_one(User, world.user["a.cpam"]).password_hash = None
    assert sign_in_as("a.cpam").post(f"/mon-compte/identites/{linked}/detachement").status_code == 422
    assert len(links()) == 1


@pytest.mark.parametrize("setting", ['cellules = ["AUTRE"]', 'organisations = ["spst"]'])
def test_a_provider_for_others_is_neither_offered_nor_opened(
    world: World, sign_in_as: SignIn, generic: Provider, travel: Go, setting: str, narrow: Callable[[str], None]
) -> None:
    with as_owner():
        link(world, "a.cpam", generic.issuer, "agent-1", "generic")
    narrow(setting)
    generic.does.claims = {"acr": "eidas2"}
    client = sign_in_as("a.cpam")
    assert "Rattacher Generic" not in client.get(SECURITY).get_data(as_text=True)
    client.post("/deconnexion")
    client.csrf = None
    assert travel(client, "generic").sign_in().status_code == 403
    assert not is_signed_in(client)


def test_a_provider_opens_the_membership_that_it_is_for(
    app: Flask, world: World, generic: Provider, travel: Go, narrow: Callable[[str], None]
) -> None:
    with as_owner() as session:
        link(world, "a.cpam", generic.issuer, "agent-1", "generic")
        spst = session.scalars(select(Membership).where(Membership.public_id == world.membership["a.spst"])).one()
        session.add(
            Membership(
                user_id=world.user["a.cpam"],
                organisation_id=spst.organisation_id,
                cellule_id=spst.cellule_id,
                role=spst.role,
                starts_on=spst.starts_on,
            )
        )
    narrow('organisations = ["spst"]')
    generic.does.claims = {"acr": "eidas2"}
    client = new_browser(app)
    travel(client, "generic").sign_in()
    with as_owner() as session:
        used = session.scalars(select(UserSession.membership_id)).one()
        role = session.get_one(Membership, used).role
    assert role.value == "spst"
    # Nor does it lead from there to the membership that it is not for.
    assert client.post("/mon-role", data={"membership": world.membership["a.cpam"]}).status_code == 404
    with as_owner() as session:
        assert session.scalars(select(UserSession.membership_id)).one() == used
