"""What was planted in a browser before a proof opens nothing after it; each step draws the token again."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from pdp.accounts.models import UserSession
from pdp.core import clock
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import code_of, forget_codes
from tests.support.world import PASSWORD, World

Figure = Callable[[str, object], None]
EMAIL = "service_social.a@example.org"


def tokens(client: StrictClient) -> set[str]:
    """Return the tokens that the cookie of a browser holds."""
    with client.session_transaction() as cookie:
        return {cookie[name] for name in ("sign_in", "_user_id") if name in cookie}


def opens(app: Flask, token: str) -> bool:
    """Tell whether a token opens the site or lets a sign-in go on, wherever it is planted."""
    thief = app.test_client()
    assert isinstance(thief, StrictClient)
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = cookie["sign_in"] = token
        cookie["_fresh"] = True
    return thief.get("/").status_code == 200 or thief.get("/connexion/second-facteur").location != "/connexion"


def test_a_token_known_before_a_step_is_dead_after_it(
    app: Flask, client: StrictClient, world: World, figure: Figure
) -> None:
    """At each step: what an attacker planted or read before it opens nothing after it."""
    with client.session_transaction() as cookie:
        cookie["sign_in"] = cookie["_user_id"] = "planted-by-somebody-else"
    seen = [tokens(client)]

    def passed() -> None:
        client.csrf = None
        now = tokens(client)
        for before in seen:
            assert not now & before
            assert not any(opens(app, token) for token in before)
        seen.append(now)

    client.csrf = None
    client.post("/connexion", data={"email": EMAIL, "password": PASSWORD})
    passed()
    assert client.get("/").status_code == 302
    forget_codes()
    client.post("/connexion/second-facteur", data={"code": code_of(EMAIL)})
    passed()
    assert client.get("/").status_code == 200
    with as_owner() as session:
        session.execute(update(UserSession).values(proven_at=clock.now() - timedelta(minutes=20)))
    forget_codes()
    client.post("/confirmation", data={"suite": "/", "step_up_code": code_of(EMAIL)})
    passed()
    client.post("/mon-role", data={"membership": world.membership["a.service_social"]})
    passed()
    assert client.get("/").status_code == 200
    client.post("/deconnexion")
    passed()
    figure("factors.fixation", f"{len(seen) - 1} steps: 0 tokens of an earlier step open anything")


def test_what_another_person_left_in_the_browser_does_not_survive(client: StrictClient, world: World) -> None:
    with client.session_transaction() as cookie:
        cookie["sign_in_after"] = "/personnes"
        cookie["planted"] = "yes"
    client.post("/connexion", data={"email": EMAIL, "password": PASSWORD})
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_a_sign_in_on_its_way_ends_after_ten_minutes(client: StrictClient, world: World) -> None:
    client.post("/connexion", data={"email": EMAIL, "password": PASSWORD})
    client.csrf = None
    with as_owner() as session:
        found = session.scalars(select(UserSession)).one()
        found.created_at = clock.now() - timedelta(minutes=10, seconds=1)
    assert client.get("/connexion/second-facteur").location == "/connexion"
    forget_codes()
    answer = client.post("/connexion/second-facteur", data={"code": code_of(EMAIL)})
    assert answer.location == "/connexion"
    assert client.get("/").status_code == 302
