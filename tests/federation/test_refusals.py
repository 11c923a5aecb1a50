"""Whatever a provider, a browser or a stranger brings back wrongly opens nothing, and says nothing of why."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from pdp.accounts.models import SignInAttempt, UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.federation import client as clients
from pdp.federation import providers
from pdp.federation.jobs import purge_returns
from pdp.federation.models import ProviderReturn
from tests.federation.answers import WRONG
from tests.federation.builders import link
from tests.federation.proconnect import Provider
from tests.federation.travel import Travel, is_signed_in
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

Go = Callable[[StrictClient, str], Travel]
Figure = Callable[[str, object], None]
TWO = {"generic": {"acr": "eidas2"}, "proconnect": {"amr": ["mfa"]}}


def browser(app: Flask, number: int = 1) -> StrictClient:
    """Return a new browser, from an address of its own so that no throttling speaks in its place."""
    client = StrictClient(app, app.response_class)
    client.environ_base["REMOTE_ADDR"] = f"127.0.1.{number}"
    return client


def forget() -> None:
    """Start as a process that knows nothing of the providers yet."""
    clients.install(providers.installed(), production=False)


def refusal(app: Flask, provider: str = "generic") -> str:
    """Return the page of a refusal: the answer to no trip at all."""
    answer = browser(app, 99).get(f"/connexion/fournisseur/{provider}/retour?code=a&state=b")
    assert answer.status_code == 403
    return answer.get_data(as_text=True)


def linked(world: World, *servers: tuple[Provider, str]) -> None:
    with as_owner():
        for server, name in servers:
            link(world, "a.cpam", server.issuer, "agent-1", name)


def last_reason() -> str:
    with as_owner() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.action, entry.refused) == ("federation.refused", True)
        assert entry.detail is not None
        return str(entry.detail["reason"])


def sign_ins() -> int:
    with as_owner() as session:
        return session.scalar(select(func.count()).select_from(UserSession)) or 0


def test_every_malformed_answer_is_refused_by_the_same_page(
    app: Flask, world: World, generic: Provider, proconnect: Provider, travel: Go, figure: Figure
) -> None:
    linked(world, (generic, "generic"), (proconnect, "proconnect"))
    servers, page = {"generic": generic, "proconnect": proconnect}, refusal(app)
    reasons, pages = {}, set()
    for number, (name, wrong) in enumerate(WRONG.items(), start=1):
        server, client = servers[wrong.provider], browser(app, number)
        server.behave(**wrong.does(server))
        forget()
        answer = travel(client, wrong.provider).sign_in()
        reasons[name] = last_reason() if answer.status_code == 403 else f"answered {answer.status_code}"
        pages.add(answer.get_data(as_text=True))
        assert not is_signed_in(client), name
    assert reasons == {name: wrong.reason for name, wrong in WRONG.items()}
    assert pages == {page}
    assert sign_ins() == 0
    # The same trips, well answered, do open: it is the fault that was refused.
    for name, server in servers.items():
        server.behave(claims=TWO[name])
        forget()
        client = browser(app, 200)
        travel(client, name).sign_in()
        assert is_signed_in(client)
    figure("oidc.malformed", f"{len(reasons)} of {len(WRONG)} malformed answers refused by one page, 0 sign-ins")


def test_an_answer_is_used_once_even_by_an_old_cookie(app: Flask, world: World, generic: Provider, travel: Go) -> None:
    linked(world, (generic, "generic"))
    generic.does.claims = TWO["generic"]
    client = browser(app)
    trip = travel(client, "generic")
    back = trip.answer(trip.leave())
    with client.session_transaction() as cookie:
        old = dict(cookie)
    assert trip.come_back(back).status_code == 302
    client.post("/deconnexion")
    client.csrf = None
    assert client.get(back).status_code == 403
    assert last_reason() == "no_trip"
    with client.session_transaction() as cookie:
        cookie.update(old)
    assert client.get(back).status_code == 403
    assert last_reason() == "used_twice"
    assert not is_signed_in(client)


def test_the_answer_of_another_browser_is_refused(app: Flask, world: World, generic: Provider, travel: Go) -> None:
    """Login CSRF: a stranger has the victim open the stranger's own answer."""
    linked(world, (generic, "generic"))
    generic.does.claims = TWO["generic"]
    stranger, victim = travel(browser(app, 1), "generic"), travel(browser(app, 2), "generic")
    back = stranger.answer(stranger.leave())
    assert victim.client.get(back).status_code == 403
    assert last_reason() == "no_trip"
    victim.leave()
    assert victim.client.get(back).status_code == 403
    assert last_reason() == "state"
    assert not is_signed_in(victim.client)


def test_a_code_brought_to_two_trips_is_refused(app: Flask, world: World, generic: Provider, travel: Go) -> None:
    linked(world, (generic, "generic"))
    generic.does.claims = TWO["generic"]
    client = browser(app)
    trip = travel(client, "generic")
    code = trip.answer(trip.leave()).split("code=")[1].split("&")[0]
    state = trip.answer(trip.leave()).split("state=")[1]
    # The code is another trip's: its verifier is not ours, and its nonce would not be either.
    assert client.get(f"/connexion/fournisseur/generic/retour?code={code}&state={state}").status_code == 403
    assert last_reason() == "exchange"
    assert not is_signed_in(client)


def test_a_nonce_of_an_earlier_sign_in_is_refused(app: Flask, world: World, generic: Provider, travel: Go) -> None:
    linked(world, (generic, "generic"))
    generic.does.claims = TWO["generic"]
    client = browser(app)
    travel(client, "generic").sign_in()
    client.post("/deconnexion")
    client.csrf = None
    generic.does.claims = TWO["generic"] | {"nonce": generic.seen[0]["nonce"]}
    assert travel(client, "generic").sign_in().status_code == 403
    assert last_reason() == "nonce"


def test_the_answer_of_a_provider_is_refused_at_the_door_of_another(
    app: Flask, world: World, generic: Provider, proconnect: Provider, travel: Go
) -> None:
    """Mix-up: a code of one provider must never be shown to another."""
    linked(world, (generic, "generic"), (proconnect, "proconnect"))
    client = browser(app)
    trip = travel(client, "generic")
    back = trip.answer(trip.leave()).replace("/generic/", "/proconnect/")
    assert client.get(back).status_code == 403
    assert last_reason() == "other_provider"
    assert generic.tokens == proconnect.tokens == {}
    assert not is_signed_in(client)


def test_answers_are_forgotten_after_a_day(app: Flask, world: World, generic: Provider, travel: Go) -> None:
    linked(world, (generic, "generic"))
    travel(browser(app), "generic").sign_in()

    def kept() -> int:
        with as_owner() as session:
            return session.scalar(select(func.count()).select_from(ProviderReturn)) or 0

    purge_returns()
    assert kept() == 1
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        purge_returns()
    assert kept() == 0


def test_an_answer_that_comes_too_late_is_refused(app: Flask, world: World, generic: Provider, travel: Go) -> None:
    linked(world, (generic, "generic"))
    client = browser(app)
    trip = travel(client, "generic")
    back = trip.answer(trip.leave())
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert client.get(back).status_code == 403
    assert last_reason() == "too_late"


def test_keys_that_were_changed_work_after_one_look(
    app: Flask, world: World, generic: Provider, travel: Go, figure: Figure
) -> None:
    linked(world, (generic, "generic"))
    forget()
    generic.does.claims = TWO["generic"]
    travel(browser(app), "generic").sign_in()
    before, former = generic.fetched.count("jwks"), generic.key
    generic.key = RSAKey.generate_key(2048, {"kid": "cle-2", "use": "sig", "alg": "RS256"})
    try:
        client = browser(app)
        travel(client, "generic").sign_in()
        assert is_signed_in(client)
    finally:
        generic.key = former
    assert (before, generic.fetched.count("jwks")) == (1, 2)
    figure("oidc.rotation", "keys changed by the provider: the next sign-in works, after 1 fetch")


def test_one_source_of_wrong_answers_does_not_shut_the_passwords_of_all(
    app: Flask, world: World, generic: Provider, travel: Go
) -> None:
    client = browser(app, 9)
    travel(client, "generic").leave()
    with client.session_transaction() as cookie:
        carried = dict(cookie)
    # The same cookie, sent again and again with a wrong state: nobody else must wait for it.
    for _ in range(420):
        with client.session_transaction() as cookie:
            cookie.update(carried)
        client.get("/connexion/fournisseur/generic/retour?code=a&state=b")
    with as_owner() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 40
    answer = browser(app, 10).post("/connexion", data={"email": "cpam.a@example.org", "password": "faux"})
    assert "Patientez" not in answer.get_data(as_text=True)


def test_many_wrong_answers_make_their_source_wait_and_no_password(
    app: Flask, world: World, generic: Provider, travel: Go
) -> None:
    linked(world, (generic, "generic"))
    client = browser(app, 7)
    generic.does.claims = {"acr": "eidas0"}
    for _ in range(40):
        assert travel(client, "generic").sign_in().status_code == 403
    generic.does.claims = TWO["generic"]
    assert travel(client, "generic").sign_in().status_code == 403
    assert last_reason() == "throttled"
    other = browser(app, 8)
    travel(other, "generic").sign_in()
    assert is_signed_in(other)
    wrong = client.post("/connexion", data={"email": "cpam.a@example.org", "password": "faux"})
    assert "Patientez" not in wrong.get_data(as_text=True)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        generic.does.claims = TWO["generic"] | {
            "iat": int(clock.now().timestamp()),
            "exp": int(clock.now().timestamp()) + 60,
        }
        travel(client, "generic").sign_in()
        assert is_signed_in(client)
