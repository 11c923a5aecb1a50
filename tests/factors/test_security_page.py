"""« Mes moyens de connexion »: list, name, add and remove, never the last one."""

import html
import re
import threading
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from pdp.accounts.models import UserSession
from pdp.core import clock
from pdp.factors.models import TotpFactor
from pdp.notifications.models import Notice
from tests.factors.builders import give_passkey
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import sign_in_fully
from tests.support.world import World, totp_secret

NAME, EMAIL = "a.cpam", "cpam.a@example.org"
PAGE, ADD = "/mon-compte/securite", "/mon-compte/securite/application"


@pytest.fixture
def signed_in(app: Flask, world: World) -> StrictClient:
    """The CPAM's person, signed in with a password and a code."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    sign_in_fully(client, EMAIL)
    return client


def own(world: World) -> list[TotpFactor]:
    with as_owner() as session:
        mine = TotpFactor.user_id == world.user[NAME]
        return list(session.scalars(select(TotpFactor).where(mine).order_by(TotpFactor.id)))


def add_application(client: StrictClient, name: str = "Tablette") -> str:
    """Add an application of codes and return its secret."""
    page = client.get(ADD).get_data(as_text=True)
    secret = re.findall(r'class="totp-key" translate="no">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
    offer = html.unescape(re.findall(r'name="offer" value="([^"]+)"', page)[0])
    code = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    answer = client.post(ADD, data={"offer": offer, "code": code, "name": name})
    assert answer.location == PAGE
    return secret


def open_sign_ins(world: World) -> int:
    with as_owner() as session:
        mine = (UserSession.user_id == world.user[NAME], UserSession.revoked_at.is_(None))
        return session.scalar(select(func.count()).select_from(UserSession).where(*mine)) or 0


def test_the_page_lists_every_kind_and_no_secret(signed_in: StrictClient, world: World) -> None:
    give_passkey(world, NAME)
    page = signed_in.get(PAGE).get_data(as_text=True)
    assert "Téléphone d’essai" in page
    assert "Clé d’essai" in page
    assert totp_secret(NAME) not in page
    assert "Un seul moyen de connexion" not in page


def test_a_second_application_ends_the_other_sign_ins_and_tells_the_person(
    app: Flask, signed_in: StrictClient, world: World
) -> None:
    other = app.test_client()
    assert isinstance(other, StrictClient)
    sign_in_fully(other, EMAIL)
    assert open_sign_ins(world) == 2
    secret = add_application(signed_in)
    assert signed_in.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert [factor.name for factor in own(world)] == ["Téléphone d’essai", "Tablette"]
    assert own(world)[1].secret == secret
    with as_owner() as session:
        kinds = session.scalars(select(Notice.kind).where(Notice.user_id == world.user[NAME])).all()
    assert kinds == ["factors_changed"]


def test_the_same_secret_is_not_kept_twice(signed_in: StrictClient, world: World) -> None:
    page = signed_in.get(ADD).get_data(as_text=True)
    secret = re.findall(r'class="totp-key" translate="no">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
    offer = html.unescape(re.findall(r'name="offer" value="([^"]+)"', page)[0])
    code = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    assert signed_in.post(ADD, data={"offer": offer, "code": code}).status_code == 303
    assert signed_in.post(ADD, data={"offer": offer, "code": code}).status_code == 422
    assert len(own(world)) == 2


def test_a_removed_application_opens_nothing_and_the_others_do(
    app: Flask, signed_in: StrictClient, world: World
) -> None:
    add_application(signed_in)
    old, _ = own(world)
    answer = signed_in.post(f"{PAGE}/{old.public_id}/retrait")
    assert answer.location == PAGE
    assert signed_in.get("/").status_code == 200
    assert [factor.name for factor in own(world)] == ["Tablette"]


def test_the_last_one_is_never_removed(signed_in: StrictClient, world: World) -> None:
    (only,) = own(world)
    answer = signed_in.post(f"{PAGE}/{only.public_id}/retrait")
    assert answer.status_code == 422
    assert "votre seul moyen de connexion" in answer.get_data(as_text=True)
    assert len(own(world)) == 1


def test_two_removals_at_once_leave_one(app: Flask, world: World) -> None:
    clients = []
    first = app.test_client()
    assert isinstance(first, StrictClient)
    sign_in_fully(first, EMAIL)
    add_application(first)
    second = app.test_client()
    assert isinstance(second, StrictClient)
    sign_in_fully(second, EMAIL)
    clients = [first, second]
    for client in clients:
        client._token()
    barrier = threading.Barrier(2)

    def remove(client: StrictClient, factor: TotpFactor) -> None:
        barrier.wait()
        client.post(f"{PAGE}/{factor.public_id}/retrait")

    threads = [
        threading.Thread(target=remove, args=(client, factor))
        for client, factor in zip(clients, own(world), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(own(world)) == 1


def test_a_name_is_kept_and_a_blank_one_refused(signed_in: StrictClient, world: World) -> None:
    (only,) = own(world)
    assert signed_in.post(f"{PAGE}/{only.public_id}", data={"name": "  "}).status_code == 422
    assert signed_in.post(f"{PAGE}/{only.public_id}", data={"name": "Mobile du service"}).status_code == 303
    assert own(world)[0].name == "Mobile du service"


@pytest.mark.parametrize("end", ["", "/retrait"])
def test_the_factor_of_somebody_else_is_missing(signed_in: StrictClient, world: World, end: str) -> None:
    with as_owner() as session:
        theirs = session.scalars(
            select(TotpFactor.public_id).where(TotpFactor.user_id == world.user["a.manager"])
        ).one()
    assert signed_in.get(f"{PAGE}/{theirs}{end}").status_code == 404
    assert signed_in.post(f"{PAGE}/{theirs}{end}", data={"name": "x"}).status_code == 404


def test_the_page_costs_the_same_for_one_factor_and_for_nine(
    signed_in: StrictClient, world: World, count_queries: Callable[[], object]
) -> None:
    counts = []
    for number in range(2):
        with count_queries() as seen:  # type: ignore[attr-defined]
            signed_in.get(PAGE)
        counts.append(len(seen))
        if number == 0:
            with as_owner() as session:
                session.add_all(
                    TotpFactor(
                        user_id=world.user[NAME],
                        secret=totp_secret(f"other.{index}"),
                        name=f"Autre {index}",
                        confirmed_at=clock.now(),
                        last_step=0,
                    )
                    for index in range(8)
                )
    assert counts[0] == counts[1]


def test_no_more_than_ten_are_kept(signed_in: StrictClient, world: World) -> None:
    for index in range(9):
        add_application(signed_in, f"Autre {index}")
    page = signed_in.get(ADD).get_data(as_text=True)
    secret = re.findall(r'class="totp-key" translate="no">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
    offer = html.unescape(re.findall(r'name="offer" value="([^"]+)"', page)[0])
    code = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    assert signed_in.post(ADD, data={"offer": offer, "code": code}).status_code == 422
    assert len(own(world)) == 10
