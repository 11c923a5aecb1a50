"""Every route broken on purpose: the answer and the log hold nothing of what was under way."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
from flask import Flask, abort
from sqlalchemy import text

from pdp.accounts import service as accounts
from pdp.accounts.login import limits_of
from pdp.app import create_app
from pdp.core import db
from pdp.core.logs import ScrubbingFormatter
from pdp.settings import Settings
from pdp.web import guards
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.world import World

CANARY = "Canari-NomShared"
Figure = Callable[[str, object], None]


@pytest.fixture
def live(settings: Settings, world: World) -> Iterator[tuple[Flask, io.StringIO]]:
    """The application as an installation runs it, and what it logs."""
    root, log = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    handler = logging.StreamHandler(log)
    handler.setFormatter(ScrubbingFormatter())
    root.addHandler(handler)
    app = create_app(settings)
    app.test_client_class = StrictClient
    root.setLevel(logging.INFO)
    try:
        yield app, log
    finally:
        root.handlers[:], root.level = before, level


def sign_in(app: Flask, world: World, settings: Settings, name: str) -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = accounts.sign_in_as(world.membership[name], limits_of(settings))
        cookie["_fresh"] = True
    return client


def broken(view: Any, number: int) -> Any:
    """Return a view with the same stamp that fails with personal data in hand, in one of three ways."""

    def fail(**_arguments: str) -> NoReturn:
        if number % 3 == 0:
            raise RuntimeError(f"cannot read {CANARY}")
        if number % 3 == 1:
            with db.reading() as session:
                session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": CANARY})
        raise KeyError(CANARY)

    fail.access = view.access  # type: ignore[attr-defined]
    return fail


def test_each_route_broken_shows_and_logs_nothing(
    live: tuple[Flask, io.StringIO], world: World, settings: Settings, figure: Figure
) -> None:
    app, log = live
    client, crashes = sign_in(app, world, settings, "a.coordinateur"), 0
    client.get("/mon-role")
    token = client._token()
    for number, endpoint in enumerate(sorted(app.view_functions)):
        if endpoint != "static":
            app.view_functions[endpoint] = broken(app.view_functions[endpoint], number)
    known, adapter = parameters(world), app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            answer = client.open(
                f"{path}?q={CANARY}",
                method=method,
                data={"text": CANARY} if method == "POST" else None,
                headers={"X-CSRFToken": token, "User-Agent": CANARY, "Referer": f"http://localhost/?q={CANARY}"},
            )
            if rule.endpoint == "static":
                continue
            assert answer.status_code in {404, 500, 302}, f"{method} {rule.rule}: {answer.status_code}"
            crashes += answer.status_code == 500
            assert CANARY not in answer.get_data(as_text=True), rule.rule
            if answer.status_code == 500:
                assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)
                assert answer.headers["Cache-Control"] == "no-store"
    written = log.getvalue()
    assert crashes > 60
    assert written.count("unhandled error") == crashes
    assert CANARY not in written
    assert "NomShared" not in written
    figure("errors.canaries", f"{crashes} routes broken, {len(written.splitlines())} lines of log, 0 canaries")


def test_a_database_that_is_gone_still_answers_a_page(
    live: tuple[Flask, io.StringIO], world: World, settings: Settings
) -> None:
    app, log = live
    client = sign_in(app, world, settings, "a.cpam")
    address = "sqlite:////nowhere/pdp.db" if db.bound().is_sqlite else "postgresql://nobody@127.0.0.1:9/none"
    good = db.bound()
    db.bind(db.Database(address))
    try:
        answer = client.get("/dossiers")
    finally:
        db.bind(good)
    assert answer.status_code == 500
    assert "donnez ce repère à l’assistance" in answer.get_data(as_text=True)
    assert "sqlalchemy.exc.OperationalError" in log.getvalue()


def test_the_log_names_routes_and_never_addresses(
    live: tuple[Flask, io.StringIO], world: World, settings: Settings
) -> None:
    app, log = live
    client = sign_in(app, world, settings, "a.cpam")
    for path in (f"/dossiers/{world.case['a.shared']}?nom={CANARY}", f"/{CANARY}", f"/dossiers/{CANARY}"):
        client.get(path)
    lines = [written.partition("pdp.access ")[2] for written in log.getvalue().splitlines() if "pdp.access" in written]
    told = [" ".join(written.split()[1:4]) for written in lines]
    assert told == ["GET cases.show_case 200", "GET - 404", "GET cases.show_case 404"]
    assert CANARY not in log.getvalue()
    assert world.case["a.shared"] not in log.getvalue()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (400, "n’a pas pu être lue"),
        (405, "n’accepte pas cette action"),
        (413, "trop volumineu"),
        (429, "Trop de demandes"),
        (503, "Rien n’a été enregistré"),
    ],
)
def test_each_refusal_of_the_protocol_is_a_french_page(
    code: int, said: str, live: tuple[Flask, io.StringIO], world: World, settings: Settings
) -> None:
    app, _ = live
    app.view_functions["home.index"] = guards.public(lambda: abort(code))
    answer = sign_in(app, world, settings, "a.cpam").get("/")
    assert answer.status_code == code
    assert said in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"]


def test_a_body_too_large_is_refused_in_french(
    live: tuple[Flask, io.StringIO], world: World, settings: Settings
) -> None:
    app, _ = live
    answer = sign_in(app, world, settings, "a.cpam").post("/dossiers", data={"q": "x" * (3 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "trop volumineu" in answer.get_data(as_text=True)
