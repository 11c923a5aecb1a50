"""The first application of codes: offered at the first sign-in, kept after a first code, never by a password twice."""

import html
import re
import threading
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select

from pdp.accounts.models import UserSession
from pdp.core import clock
from pdp.factors.models import TotpFactor
from pdp.notifications.models import Notice, OutboxMail
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import code_of
from tests.support.world import PASSWORD, World

EMAIL = "cpam.a@example.org"
FIRST = "/connexion/premier-code"


@pytest.fixture
def without_factor(world: World) -> World:
    """The base world, where the CPAM's person has no factor yet."""
    with as_owner() as session:
        session.execute(delete(TotpFactor).where(TotpFactor.user_id == world.user["a.cpam"]))
    return world


def begin(client: StrictClient) -> str:
    """Sign in with the password and return the page that offers a secret."""
    client.csrf = None
    client.post("/connexion", data={"email": EMAIL, "password": PASSWORD, "suite": "/cellule"})
    client.csrf = None
    assert client.get("/connexion/second-facteur").location == FIRST
    return client.get(FIRST).get_data(as_text=True)


def offer_of(page: str) -> str:
    found = re.search(r'name="offer" value="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def secret_of(page: str) -> str:
    found = re.search(r'class="totp-key" translate="no">([A-Z2-7 ]+)<', page)
    assert found
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", found[1])
    return found[1].replace(" ", "")


def now_code(secret: str) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()))


def factors(world: World, name: str = "a.cpam") -> int:
    with as_owner() as session:
        mine = TotpFactor.user_id == world.user[name]
        return session.scalar(select(func.count()).select_from(TotpFactor).where(mine)) or 0


def test_the_first_sign_in_offers_a_secret_and_goes_on_after_its_first_code(
    client: StrictClient, without_factor: World
) -> None:
    page = begin(client)
    secret = secret_of(page)
    address = html.unescape(re.findall(r'href="(otpauth://[^"]+)"', page)[0])
    assert pyotp.parse_uri(address).secret == secret
    assert "<svg" in page
    assert factors(without_factor) == 0
    answer = client.post(FIRST, data={"offer": offer_of(page), "code": now_code(secret)})
    assert answer.location == "/cellule"
    assert client.get("/cellule").status_code == 200
    assert factors(without_factor) == 1


def test_the_page_may_be_reloaded_and_a_wrong_code_keeps_its_secret(
    client: StrictClient, without_factor: World
) -> None:
    page = begin(client)
    assert secret_of(client.get(FIRST).get_data(as_text=True)) == secret_of(page)
    wrong = client.post(FIRST, data={"offer": offer_of(page), "code": "000000"})
    assert wrong.status_code == 422
    assert secret_of(wrong.get_data(as_text=True)) == secret_of(page)
    assert factors(without_factor) == 0


def test_another_sign_in_is_offered_another_secret(app: Flask, without_factor: World) -> None:
    pages = []
    for _ in range(2):
        client = app.test_client()
        assert isinstance(client, StrictClient)
        pages.append(secret_of(begin(client)))
    assert pages[0] != pages[1]


def test_an_offer_is_of_one_person_and_lasts_thirty_minutes(client: StrictClient, without_factor: World) -> None:
    world = without_factor
    page = begin(client)
    with as_owner() as session:
        session.execute(delete(TotpFactor).where(TotpFactor.user_id == world.user["a.manager"]))
    client.csrf = None
    client.post("/connexion", data={"email": "manager.a@example.org", "password": PASSWORD})
    client.csrf = None
    stolen = client.post(FIRST, data={"offer": offer_of(page), "code": now_code(secret_of(page))})
    assert (stolen.status_code, factors(world, "a.manager")) == (422, 0)
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        begin(client)
        late = client.post(FIRST, data={"offer": offer_of(page), "code": now_code(secret_of(page))})
        assert (late.status_code, factors(world)) == (422, 0)


@pytest.mark.parametrize("offer", ["", "x", "AAAA", "é", "A" * 400, "A" * 401])
def test_a_made_up_offer_is_refused(client: StrictClient, without_factor: World, offer: str) -> None:
    begin(client)
    assert client.post(FIRST, data={"offer": offer, "code": "123456"}).status_code == 422
    assert factors(without_factor) == 0


def test_a_person_with_a_factor_is_given_no_other_by_a_password(client: StrictClient, world: World) -> None:
    client.post("/connexion", data={"email": EMAIL, "password": PASSWORD})
    client.csrf = None
    assert client.get(FIRST).location == "/connexion/second-facteur"
    answer = client.post(FIRST, data={"offer": "x", "code": "123456"})
    assert answer.location == "/connexion/second-facteur"
    assert factors(world) == 1


def test_two_sign_ins_with_the_same_password_register_one_first_factor(app: Flask, without_factor: World) -> None:
    clients = [app.test_client() for _ in range(2)]
    pages = []
    for client in clients:
        assert isinstance(client, StrictClient)
        pages.append(begin(client))
        client._token()
    barrier = threading.Barrier(2)
    opened: list[bool] = []

    def send(client: StrictClient, page: str) -> None:
        barrier.wait()
        answer = client.post(FIRST, data={"offer": offer_of(page), "code": now_code(secret_of(page))})
        opened.append(answer.location == "/cellule")

    threads = [threading.Thread(target=send, args=(client, page)) for client, page in zip(clients, pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [False, True]
    assert factors(without_factor) == 1


def test_the_person_is_told_and_their_other_sign_ins_end(client: StrictClient, without_factor: World) -> None:
    page = begin(client)
    client.post(FIRST, data={"offer": offer_of(page), "code": now_code(secret_of(page))})
    with as_owner() as session:
        mine = without_factor.user["a.cpam"]
        kinds = session.scalars(select(Notice.kind).where(Notice.user_id == mine)).all()
        mails = session.scalars(select(OutboxMail.kind).where(OutboxMail.user_id == mine)).all()
        alive = session.scalars(
            select(UserSession.id).where(UserSession.user_id == mine, UserSession.revoked_at.is_(None))
        ).all()
    assert kinds == mails == ["factors_changed"]
    assert len(alive) == 1


def test_the_code_that_confirmed_it_does_not_serve_again(client: StrictClient, without_factor: World) -> None:
    with time_machine.travel(clock.now(), tick=False):
        page = begin(client)
        code = now_code(secret_of(page))
        client.post(FIRST, data={"offer": offer_of(page), "code": code})
        client.post("/deconnexion")
        client.csrf = None
        client.post("/connexion", data={"email": EMAIL, "password": PASSWORD})
        client.csrf = None
        assert client.post("/connexion/second-facteur", data={"code": code}).status_code == 422
        assert client.post("/connexion/second-facteur", data={"code": code_of(EMAIL)}).status_code == 422
