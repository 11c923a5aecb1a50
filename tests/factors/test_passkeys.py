"""Passkeys through the pages: registered, used alone, used as a second step, used to confirm."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from pdp.accounts.models import User, UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.factors.models import Passkey, TotpFactor
from pdp.factors.site import find_site
from pdp.notifications.models import Notice, OutboxMail
from tests.factors.authenticator import Device
from tests.factors.builders import give_passkey
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import sign_in_fully
from tests.support.world import PASSWORD, World

EMAIL = "cpam.a@example.org"


def ask(client: StrictClient, address: str) -> dict[str, Any]:
    answer = client.post(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    options: dict[str, Any] = answer.get_json()
    return options


def type_password(client: StrictClient, email: str = EMAIL) -> str | None:
    client.csrf = None
    answer = client.post("/connexion", data={"email": email, "password": PASSWORD})
    client.csrf = None
    return answer.location


def forget_factors(world: World, name: str) -> None:
    with as_owner() as session:
        session.execute(delete(TotpFactor).where(TotpFactor.user_id == world.user[name]))


def is_in(client: StrictClient) -> bool:
    return client.get("/").status_code == 200


def test_a_first_sign_in_registers_a_passkey_in_place_of_a_code(client: StrictClient, world: World) -> None:
    forget_factors(world, "a.cpam")
    type_password(client)
    options = ask(client, "/connexion/premiere-cle/defi")
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    answer = client.post("/connexion/premiere-cle", data={"credential": Device().make(options)})
    assert answer.location == "/"
    assert is_in(client)
    with as_owner() as session:
        stored = session.scalars(select(Passkey)).one()
    assert (stored.user_id, stored.name, stored.transports) == (world.user["a.cpam"], "Clé d’accès", "internal")


def test_a_password_alone_never_registers_over_an_existing_factor(client: StrictClient, world: World) -> None:
    type_password(client)
    assert client.post("/connexion/premiere-cle/defi").status_code == 404
    options = {"user": {"id": ""}, "challenge": "AAAA"}
    assert client.post("/connexion/premiere-cle", data={"credential": Device().make(options)}).status_code == 303
    with as_owner() as session:
        assert session.scalars(select(Passkey)).all() == []
    assert not is_in(client)


def test_a_challenge_drawn_before_the_first_factor_does_not_add_a_second_one(
    app: Flask, client: StrictClient, world: World
) -> None:
    """Two browsers with the same password: the slower one registers nothing."""
    forget_factors(world, "a.cpam")
    other = app.test_client()
    for browser in (client, other):
        type_password(browser)
    slow = ask(client, "/connexion/premiere-cle/defi")
    quick = ask(other, "/connexion/premiere-cle/defi")
    other.post("/connexion/premiere-cle", data={"credential": Device().make(quick)})
    refused = client.post("/connexion/premiere-cle", data={"credential": Device().make(slow)})
    assert refused.status_code == 404
    with as_owner() as session:
        assert len(session.scalars(select(Passkey)).all()) == 1


def test_a_passkey_alone_opens_the_site_without_an_address(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    options = ask(client, "/connexion/cle-acces/defi")
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    answer = client.post("/connexion/cle-acces", data={"credential": json.dumps(device.use(options))})
    assert answer.location == "/"
    assert is_in(client)
    with as_owner() as session:
        session_row = session.scalars(select(UserSession)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.sign_in")).one()
        passkey = session.scalars(select(Passkey)).one()
    assert session_row.proofs == "passkey"
    assert entry.user_id == world.user["a.cpam"]
    assert passkey.sign_count == 1
    assert passkey.last_used_at is not None


def test_a_passkey_leads_to_the_page_asked_for(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    options = ask(client, "/connexion/cle-acces/defi")
    posted = {"credential": json.dumps(device.use(options)), "suite": "/cellule"}
    assert client.post("/connexion/cle-acces", data=posted).location == "/cellule"


def test_a_passkey_is_the_second_step_after_a_password(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    assert type_password(client) == "/connexion/second-facteur"
    page = client.get("/connexion/second-facteur").get_data(as_text=True)
    assert "Utiliser ma clé d’accès" in page
    options = ask(client, "/connexion/second-facteur/cle-acces/defi")
    assert len(options["allowCredentials"]) == 1
    answer = client.post("/connexion/second-facteur/cle-acces", data={"credential": json.dumps(device.use(options))})
    assert answer.location == "/"
    assert is_in(client)


def test_a_passkey_confirms_a_grave_act_without_losing_what_was_sent(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    sign_in_fully(client, EMAIL)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        asked = client.get("/mon-compte/securite/cle-acces")
        assert asked.status_code == 403
        assert "Confirmer avec ma clé d’accès" in asked.get_data(as_text=True)
        options = ask(client, "/connexion/second-facteur/cle-acces/defi")
        answer = client.post(
            "/confirmation",
            data={"suite": "/mon-compte/securite/cle-acces", "step_up_passkey": json.dumps(device.use(options))},
        )
        assert answer.location == "/mon-compte/securite/cle-acces"
        assert client.get("/mon-compte/securite/cle-acces").status_code == 200


def test_one_more_passkey_ends_the_other_sign_ins_and_is_told(app: Flask, client: StrictClient, world: World) -> None:
    other = app.test_client()
    sign_in_fully(other, EMAIL)
    sign_in_fully(client, EMAIL)
    options = ask(client, "/mon-compte/securite/cle-acces/defi")
    posted = {"credential": Device().make(options), "name": "Ordinateur du bureau"}
    assert client.post("/mon-compte/securite/cle-acces", data=posted).location == "/mon-compte/securite"
    assert not is_in(other)
    client.csrf = None
    assert "Ordinateur du bureau" in client.get("/mon-compte/securite").get_data(as_text=True)
    with as_owner() as session:
        told = session.scalars(select(OutboxMail.kind).where(OutboxMail.user_id == world.user["a.cpam"])).all()
    assert "factors_changed" in told


def test_a_count_that_goes_back_is_refused_journaled_and_told(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam", count=41)
    device.count = 12
    options = ask(client, "/connexion/cle-acces/defi")
    client.post("/connexion/cle-acces", data={"credential": json.dumps(device.use(options))})
    assert not is_in(client)
    with as_owner() as session:
        refused = session.scalars(select(AuditEntry).where(AuditEntry.action == "factor.use")).one()
        told = session.scalars(select(Notice)).one()
        passkey = session.scalars(select(Passkey)).one()
    assert (refused.refused, refused.detail) == (True, {"kind": "passkey", "reason": "copied"})
    assert (told.user_id, told.kind) == (world.user["a.cpam"], "passkey_copied")
    assert passkey.sign_count == 41


def test_a_device_that_never_counts_is_accepted_again_and_again(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    for _ in range(3):
        device.count = -1
        options = ask(client, "/connexion/cle-acces/defi")
        client.post("/connexion/cle-acces", data={"credential": json.dumps(device.use(options))})
        assert is_in(client)
        client.csrf = None
        client.post("/deconnexion")
        client.csrf = None


# public address, in production, host of the request → host and origin of passkeys
SITES = (
    ("", False, "localhost:8000", ("localhost", "http://localhost:8000")),
    ("", False, "127.0.0.1:8000", None),
    ("", False, "pdp.example.org", None),
    ("", True, "localhost", None),
    ("https://pdp.example.org", True, "pdp.example.org", ("pdp.example.org", "https://pdp.example.org")),
    ("https://pdp.example.org/", True, "evil.example.net", ("pdp.example.org", "https://pdp.example.org")),
    ("https://pdp.example.org:8443", False, "localhost", ("pdp.example.org", "https://pdp.example.org:8443")),
)


@pytest.mark.parametrize(("public", "production", "host", "expected"), SITES)
def test_passkeys_are_bound_to_the_address_of_the_installation(
    app: Flask, public: str, production: bool, host: str, expected: tuple[str, str] | None
) -> None:
    app.config["PDP"] = replace(app.config["PDP"], public_url=public, production=production)
    with app.test_request_context("/", base_url=f"http://{host}"):
        site = find_site()
    assert (site and (site.host, site.origin)) == expected


def test_a_disabled_person_does_not_come_in_with_a_passkey(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    options = ask(client, "/connexion/cle-acces/defi")
    with as_owner() as session:
        session.get_one(User, world.user["a.cpam"]).disabled_at = clock.now()
    client.post("/connexion/cle-acces", data={"credential": json.dumps(device.use(options))})
    assert not is_in(client)
