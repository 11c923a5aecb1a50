"""Sign-in, sessions and the choice of the membership in use, through the pages."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from pdp.accounts.models import User, UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import sign_in_fully
from tests.support.world import PASSWORD, World

SignIn = Callable[[str], StrictClient]


def post_sign_in(client: StrictClient, email: str, password: str) -> tuple[int, str]:
    response = client.post("/connexion", data={"email": email, "password": password})
    return response.status_code, response.get_data(as_text=True)


def _without_token(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_a_right_password_then_a_right_code_open_the_home_page(client: StrictClient, world: World) -> None:
    answer = client.post("/connexion", data={"email": "Coordinateur.A@example.org ", "password": PASSWORD})
    assert answer.location == "/connexion/second-facteur"
    assert client.get("/").location == "/connexion"
    sign_in_fully(client, "coordinateur.a@example.org")
    page = client.get("/")
    assert page.status_code == 200
    assert "Ce qui vous attend" in page.get_data(as_text=True)


def test_known_and_unknown_accounts_are_refused_in_the_same_words(client: StrictClient, world: World) -> None:
    known = post_sign_in(client, "coordinateur.a@example.org", "pas le bon mot de passe")
    unknown = post_sign_in(client, "personne@example.org", "pas le bon mot de passe")
    assert known[0] == unknown[0] == 422
    assert _without_token(known[1]).replace("coordinateur.a@", "personne@") == _without_token(unknown[1])


def test_many_failures_make_the_account_wait_then_let_it_in(client: StrictClient, world: World) -> None:
    for _ in range(8):
        post_sign_in(client, "cpam.a@example.org", "faux")
    status, page = post_sign_in(client, "cpam.a@example.org", PASSWORD)
    assert status == 422
    assert "Patientez quinze minutes" in page
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert post_sign_in(client, "cpam.a@example.org", PASSWORD)[0] == 302


def test_a_visitor_is_sent_to_sign_in_and_back(client: StrictClient, world: World) -> None:
    sent = client.get("/cellule")
    assert sent.status_code == 302
    assert sent.location == "/connexion?suite=/cellule"
    back = sign_in_fully(client, "cpam.a@example.org", suite="/cellule")
    assert back.location == "/cellule"


@pytest.mark.parametrize("suite", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(client: StrictClient, world: World, suite: str) -> None:
    answer = sign_in_fully(client, "cpam.a@example.org", suite=suite)
    assert answer.location == "/"


def test_an_idle_session_ends(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cpam")
    start = clock.now()
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        assert client.get("/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=60), tick=False):
        assert client.get("/").status_code == 302


def test_a_session_ends_after_ten_hours_even_in_use(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cpam")
    start = clock.now()
    for minutes in range(25, 600, 25):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get("/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=601), tick=False):
        assert client.get("/").status_code == 302


def test_signing_out_kills_the_session_on_the_server(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cpam")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    client.post("/deconnexion")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get("/").status_code == 302


def test_a_disabled_person_is_out_at_the_next_request(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cpam")
    assert client.get("/").status_code == 200
    with as_owner() as session:
        user = session.get_one(User, world.user["a.cpam"])
        user.disabled_at = clock.now()
        session.add(AuditEntry(at=clock.now(), action="tests.disable", refused=False))
    assert client.get("/").status_code == 302


def test_the_cookie_holds_no_id_and_the_database_no_token(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cpam")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with as_owner() as session:
        stored = session.scalars(select(UserSession.token_hash)).all()
    assert len(token) >= 43
    assert token not in stored


def test_each_sign_in_and_refusal_leaves_one_entry(client: StrictClient, world: World) -> None:
    post_sign_in(client, "cpam.a@example.org", "faux")
    sign_in_fully(client, "cpam.a@example.org")
    with as_owner() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.sign_in")).all()
    assert [entry.refused for entry in entries] == [True, False]
    assert entries[1].user_id == world.user["a.cpam"]


def test_the_demo_door_is_closed_outside_demo_mode(client: StrictClient, world: World) -> None:
    answer = client.post("/connexion/demonstration", data={"membership": world.membership["a.cpam"]})
    assert answer.status_code == 404


def test_the_cellule_page_shows_seats_and_rules(sign_in_as: SignIn, world: World) -> None:
    page = sign_in_as("a.cap_emploi").get("/cellule").get_data(as_text=True)
    assert "Service médical, siège 2" in page
    assert "voix consultative" in page
    assert "50&nbsp;% des sièges délibératifs" in page


def test_a_role_without_the_permission_gets_the_same_page_as_a_missing_one(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.pilotage")
    refused, missing = client.get("/cellule"), client.get("/nulle-part")
    assert refused.status_code == missing.status_code == 404
    assert refused.get_data() == missing.get_data()
