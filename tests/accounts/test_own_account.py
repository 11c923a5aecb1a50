"""« Mon compte »: one's sign-ins are listed by what their holder knows of them, and end at once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pdp.accounts import service
from pdp.accounts.enums import Proof
from pdp.accounts.models import User, UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock, db
from tests.accounts.settings import LIMITS
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
END = re.compile(r"/mon-compte/connexions/[\w-]+/fin")


def open_on(world: World, name: str, device: str) -> str:
    with db.transaction():
        user = db.session().get_one(User, world.user[name])
        token = service.begin(user, Proof.PASSKEY, LIMITS, device=device)
    assert token is not None
    return token


def ends(page: str) -> list[str]:
    return END.findall(page)


def test_each_open_sign_in_is_a_line(sign_in_as: SignIn, world: World) -> None:
    open_on(world, "a.cpam", "Firefox sous Windows")
    open_on(world, "a.cpam", "Safari sur iPhone")
    open_on(world, "a.manager", "Edge sous Windows")
    page = sign_in_as("a.cpam").get("/mon-compte").get_data(as_text=True)
    assert page.count("cette session") == 1
    assert len(ends(page)) == 2
    for words in ("Firefox sous Windows", "Safari sur iPhone", "Clé d’accès", "CPAM, action sociale"):
        assert words in page
    assert "Edge sous Windows" not in page


def test_what_opens_nothing_is_no_line(sign_in_as: SignIn, world: World) -> None:
    service.sign_out(open_on(world, "a.cpam", "Ancienne"))
    with clock.acting_at(clock.now() - timedelta(minutes=31)):
        open_on(world, "a.cpam", "Oubliée")
    with db.transaction():
        service.begin(db.session().get_one(User, world.user["a.cpam"]), Proof.PASSWORD, LIMITS, device="En chemin")
    page = sign_in_as("a.cpam").get("/mon-compte").get_data(as_text=True)
    assert ends(page) == []
    assert not re.search("Ancienne|Oubliée|En chemin", page)


def test_the_device_is_the_browser_s_and_never_an_address(app: Flask, world: World) -> None:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    client.post(
        "/connexion",
        data={"email": "cpam.a@example.org", "password": "une phrase de passe assez longue"},
        headers={"User-Agent": PHONE},
    )
    with as_owner() as session:
        [kept] = session.scalars(select(UserSession)).all()
        assert kept.device == "Safari sur iPhone"
        assert "127.0.0.1" not in {str(getattr(kept, column.key)) for column in UserSession.__table__.columns}


def test_one_ends_another_and_it_opens_nothing_more(sign_in_as: SignIn, world: World) -> None:
    mine, other = sign_in_as("a.cpam"), sign_in_as("a.cpam")
    [link] = ends(mine.get("/mon-compte").get_data(as_text=True))
    assert mine.post(link).status_code == 303
    assert other.get("/").location == "/connexion"
    assert mine.get("/").status_code == 200
    assert mine.post(link).status_code == 404
    with as_owner() as session:
        assert session.query(AuditEntry).filter_by(action="account.end_sign_in").count() == 1


def test_all_the_others_end_at_once_even_those_on_their_way(sign_in_as: SignIn, world: World) -> None:
    mine, others = sign_in_as("a.cpam"), [sign_in_as("a.cpam") for _ in range(3)]
    with db.transaction():
        on_its_way = service.begin(db.session().get_one(User, world.user["a.cpam"]), Proof.PASSWORD, LIMITS)
    assert on_its_way is not None
    answer = mine.post("/mon-compte/connexions/fin", follow_redirects=True)
    assert "4\u00a0sessions terminées" in answer.get_data(as_text=True)
    assert {other.get("/").location for other in others} == {"/connexion"}
    assert service.find_pending(on_its_way) is None
    assert mine.get("/").status_code == 200


def test_nobody_ends_someone_else_s(sign_in_as: SignIn, world: World) -> None:
    mine, other = sign_in_as("a.cpam"), sign_in_as("a.manager")
    with as_owner() as session:
        theirs = session.scalars(select(UserSession).where(UserSession.user_id == world.user["a.manager"])).one()
    assert mine.post(f"/mon-compte/connexions/{theirs.public_id}/fin").status_code == 404
    assert other.get("/").status_code == 200


def test_the_one_in_use_is_ended_by_signing_out(sign_in_as: SignIn, world: World) -> None:
    mine = sign_in_as("a.cpam")
    with as_owner() as session:
        here = session.scalars(select(UserSession.public_id).where(UserSession.user_id == world.user["a.cpam"])).one()
    answer = mine.post(f"/mon-compte/connexions/{here}/fin")
    assert answer.status_code == 422
    assert "déconnectez-vous" in answer.get_data(as_text=True)
    assert mine.get("/").status_code == 200


@pytest.mark.parametrize("name", ["a.cpam", "a.cap_emploi", "a.dpo", "a.admin", "a.pilotage"])
def test_everyone_has_an_account_in_their_menu(sign_in_as: SignIn, world: World, name: str) -> None:
    client = sign_in_as(name)
    assert 'href="/mon-compte"' in client.get("/").get_data(as_text=True)
    page = client.get("/mon-compte").get_data(as_text=True)
    assert f"{name.split('.')[1]}.a@example.org" in page


def test_the_page_costs_the_same_for_one_sign_in_as_for_forty(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], object]
) -> None:
    client, spent = sign_in_as("a.cpam"), []
    for more in (0, 39):
        for _ in range(more):
            open_on(world, "a.cpam", "Firefox sous Windows")
        client.get("/mon-compte")
        with count_queries() as statements:  # type: ignore[attr-defined]
            client.get("/mon-compte")
        spent.append(len(statements))
    assert spent[0] == spent[1]
    assert spent[0] <= 14
