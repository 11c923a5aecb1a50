"""The canary world of each engine, built once per process; each test gets a copy of its database."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from pdp import wiring
from pdp.accounts import service as accounts
from pdp.accounts.login import limits_of
from pdp.core import crypto, db, schema
from pdp.core.crypto import Keyring
from pdp.core.db import Database
from pdp.settings import Settings
from tests.access.canary import world as worlds
from tests.access.canary.people import BEHIND_WALLS, WALKERS, Person
from tests.access.canary.walk import Walker
from tests.access.canary.world import CanaryWorld
from tests.conftest import KEYS
from tests.support.databases import Postgres, Sqlite, postgres_server
from tests.support.world import World


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each person walk on one engine: on PostgreSQL those whom its walls concern. `make drills` walks them all."""
    for item in items:
        given: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        if not given.keys() >= {"name", "engine_name"} or given["name"] not in WALKERS:
            continue
        if (given["name"] in BEHIND_WALLS) != (given["engine_name"] == "postgresql"):
            item.add_marker(pytest.mark.drill)


@pytest.fixture
def database(engine_name: str, engines: dict[str, Any]) -> Iterator[Database]:
    """A copy of the canary world instead of the base world."""
    crypto.load(Keyring(KEYS, 1))
    wiring.connect()
    name = f"{engine_name}.canary"
    if name not in engines:
        engines[name] = _template(engine_name, engines)
    with engines[name].copy() as own:
        if own.is_sqlite:
            event.listen(own.engine, "connect", hurry)
        yield db.bind(own)


def _template(engine_name: str, engines: dict[str, Any]) -> Sqlite | Postgres:
    def fill(database: Database) -> None:
        schema.upgrade(database.engine)
        db.bind(database)
        engines[f"{engine_name}.canary.world"] = worlds.build()

    if engine_name == "sqlite":
        folder: Path = engines["folder"] / f"canary-{uuid.uuid4().hex}"
        folder.mkdir()
        return Sqlite(folder, fill)
    return Postgres(postgres_server(Path(os.environ["PDP_TEST_FOLDER"])), fill)


def hurry(connection: Any, _record: Any) -> None:
    """A walk writes one journal entry per page: its data need not outlive the machine's power."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def canary(database: Database, engine_name: str, engines: dict[str, Any]) -> CanaryWorld:
    """What the canary world holds."""
    found: CanaryWorld = engines[f"{engine_name}.canary.world"]
    return found


@pytest.fixture
def world(canary: CanaryWorld) -> World:
    """The ids of the canary world, for the fixtures shared by every test."""
    return canary.world


@pytest.fixture
def walker_of(app: Flask, canary: CanaryWorld, settings: Settings) -> Callable[[str], Walker]:
    """Return a person of the cellule `a`, signed in and ready to walk: `walker_of("cpam")`."""

    def walker(name: str) -> Walker:
        # Pages are checked as HTML elsewhere: parsing each of them again would take half of the time.
        client = FlaskClient(app, app.response_class)
        token = accounts.sign_in_as(canary.world.membership[f"a.{name}"], limits_of(settings))
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return Walker(app, canary, Person(name), client)

    return walker
