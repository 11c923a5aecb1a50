"""Fixtures shared by every test: real databases, the application, strict clients."""

import atexit
import gc
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_request_context, request
from sqlalchemy import event

from pdp import wiring
from pdp.accounts import queries as account_queries
from pdp.accounts import service as accounts
from pdp.accounts.login import limits_of
from pdp.app import create_app
from pdp.core import clock, crypto, db, schema
from pdp.core.crypto import Keyring
from pdp.core.db import Database
from pdp.federation import client as federation
from pdp.federation import providers
from pdp.policy.actor import Actor
from pdp.settings import Settings
from tests.support import promises
from tests.support import world as worlds
from tests.support.client import StrictClient
from tests.support.databases import Postgres, Sqlite, owner_of, postgres_server
from tests.support.world import World

ENGINES = ("sqlite", "postgresql")
KEYS = {1: bytes(range(32))}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches data on both engines, but for what concerns one of them alone."""
    if "engine_name" in metafunc.fixturenames:
        alone = [name for name in ENGINES if metafunc.definition.get_closest_marker(name)]
        metafunc.parametrize("engine_name", alone or ENGINES, scope="session")


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The templates built so far in this process, by engine."""
    return {"folder": tmp_path_factory.mktemp("databases")}


def _fill(engines: dict[str, Any], name: str) -> Callable[[Database], None]:
    def fill(database: Database) -> None:
        schema.upgrade(database.engine)
        db.bind(database)
        engines[f"{name}.world"] = pickle.dumps(worlds.build())

    return fill


def pytest_configure(config: pytest.Config) -> None:
    """Give all the processes of this run one folder for their PostgreSQL.

    It is not pytest's own: another run started by the same person cleans that one up.
    """
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="pdp-tests-")
        os.environ["PDP_TEST_FOLDER"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


@pytest.fixture
def database(engine_name: str, engines: dict[str, Any]) -> Iterator[Database]:
    """A database of its own for the test, holding the base world, bound to the process."""
    crypto.load(Keyring(KEYS, 1))
    wiring.connect()
    if engine_name not in engines:
        fill = _fill(engines, engine_name)
        if engine_name == "sqlite":
            engines[engine_name] = Sqlite(engines["folder"], fill)
        else:
            engines[engine_name] = Postgres(postgres_server(Path(os.environ["PDP_TEST_FOLDER"])), fill)
    with engines[engine_name].copy() as own:
        yield db.bind(own)


@pytest.fixture
def owner(database: Database) -> Database:
    """The same database as the owner of its tables opens it: migrations, triggers, raw looks."""
    return owner_of(database)


@pytest.fixture
def world(database: Database, engine_name: str, engines: dict[str, Any]) -> World:
    """The ids of the base world."""
    found: World = pickle.loads(engines[f"{engine_name}.world"])
    return found


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of a test installation."""
    return Settings(
        database_url=database.url, secret_key="s" * 40, encryption_keys=KEYS, instance=tmp_path, demo=False
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[Flask]:
    """The application on the test's database; a GET that writes anything but the journal fails."""
    app = application(settings)
    views, config = dict(app.view_functions), dict(app.config)
    with _gets_are_read_only(database):
        yield app
    app.view_functions.clear()
    app.view_functions.update(views)
    app.config.clear()
    app.config.update(config)


# Routes and templates take half a second to compile: a process does it once for all tests of the same settings.
_applications: dict[str, Flask] = {}


def application(settings: Settings) -> Flask:
    """Return the process's application for these settings, whatever their database and folder."""
    alike = repr(replace(settings, database_url="", instance=Path()))
    if alike not in _applications:
        _applications[alike] = create_app(settings, testing=True)
        _applications[alike].test_client_class = StrictClient
    federation.install(providers.load(settings), production=settings.production)
    app = _applications[alike]
    app.config["PDP"] = settings
    return app


@contextmanager
def _gets_are_read_only(database: Database) -> Iterator[None]:
    allowed = {"access_alert", "audit_entry", "audit_segment", "departure", "notice", "outbox_mail", "user_session"}
    # The first opening of minutes is a line of their register.
    allowed.add("minutes_event")
    # OpenID Connect brings the end of a sign-in by a GET: it is believed once, in the browser that left.
    brought = {
        "federation.come_back": {
            "linked_identity",
            "provider_return",
            "provider_sign_in",
            "sign_in_attempt",
            "user_account",
        }
    }

    def refuse(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if has_request_context() and request.method in {"GET", "HEAD"}:
            found = db._WRITE.match(statement)
            here = allowed | brought.get(request.endpoint or "", set())
            assert not found or found[1] in here, f"a GET wrote: {statement}"

    event.listen(database.engine, "before_cursor_execute", refuse)
    yield
    event.remove(database.engine, "before_cursor_execute", refuse)


@pytest.fixture
def client(app: Flask) -> StrictClient:
    """A visitor who is not signed in."""
    visitor = app.test_client()
    assert isinstance(visitor, StrictClient)
    return visitor


@pytest.fixture
def sign_in_as(app: Flask, world: World, settings: Settings) -> Callable[[str], StrictClient]:
    """Return a client signed in as a person of the world: `sign_in_as("a.coordinateur")`."""

    def sign_in(name: str) -> StrictClient:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        token = accounts.sign_in_as(world.membership[name], limits_of(settings))
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def actor_of(world: World) -> Callable[[str], Actor]:
    """Return the actor of a person of the world: `actor_of("a.coordinateur")`."""

    def actor(name: str) -> Actor:
        with db.reading():
            membership = account_queries.find_membership(world.user[name], world.membership[name], clock.today())
            assert membership is not None
            return accounts.build_actor(membership)

    return actor


@pytest.fixture
def count_queries(database: Database) -> Callable[[], Any]:
    """Return a context manager that lists the statements run inside it.

    How each engine begins a transaction is left out: BEGIN here, there the words of its scope.
    """

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "SELECT set_config")):
                seen.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str, object], None]:
    """Print a figure of the test at the end of the run: `figure("ballot.attack", "0 lost of 2,400")`."""

    def say(name: str, value: object) -> None:
        record_property("figure", f"{name}: {value}")

    return say


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--promises`, which writes docs/promises.md from the figures printed."""
    parser.addoption("--promises", action="store_true", help="write docs/promises.md from this run")


def _figures(terminalreporter: Any) -> dict[str, str]:
    """Return each figure once; those of the two engines side by side."""
    found: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "figure":
                key, text = value.split(": ", 1)
                found.setdefault(key, []).append(text)
    return {key: "; ".join(dict.fromkeys(texts)) for key, texts in sorted(found.items())}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures, then how many tests ran on each engine and in Chromium."""
    figures = _figures(terminalreporter)
    for name, text in figures.items():
        terminalreporter.write_line(f"{name}: {text}")
    if terminalreporter.config.getoption("--promises"):
        promises.PAGE.write_text(promises.render(promises.last_figures() | figures))
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    counts = {name: sum(f"[{name}" in node or f"-{name}" in node for node in passed) for name in ENGINES}
    journeys = sum("tests/journeys/" in node for node in passed)
    terminalreporter.write_line(
        f"On SQLite: {counts['sqlite']} tests passed. On PostgreSQL: {counts['postgresql']}. "
        f"In Chromium: {journeys}. On neither engine: {len(passed) - sum(counts.values())}."
    )


def pytest_collection_finish() -> None:
    """Leave what lasts for the whole run out of every garbage collection, which would take a fifth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Under CI nothing may be skipped, whatever the reason."""
    if os.environ.get("CI") == "true":
        for item in items:
            marks = [mark.name for mark in item.iter_markers() if mark.name in {"skip", "skipif", "xfail"}]
            assert not marks, f"{item.nodeid} is marked {marks}: nothing is skipped under CI"
