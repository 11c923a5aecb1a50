"""An installation of one's own on PostgreSQL: a server, an owner who is no superuser, the application's login."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pdp.core import crypto, db, schema
from pdp.core.crypto import Keyring
from pdp.core.db import Database
from tests.conftest import KEYS
from tests.support import world as worlds
from tests.support.own_postgres import OwnServer, own_postgres
from tests.support.world import World

KEEPER, WEB = "keeper", "web"


@dataclass
class Installation:
    """A database as managed hosting gives it: `keeper` owns the tables, `web` is the application's login."""

    server: OwnServer
    name: str
    world: World

    def open(self, user: str, **query: str) -> Database:
        """Open the database as a login."""
        return Database(self.server.login(user, self.name, **query))


@pytest.fixture(scope="session")
def server() -> Iterator[OwnServer]:
    """A server where nothing is traded for speed."""
    # PostgreSQL does not run as root: its folder cannot be one that pytest keeps to itself.
    folder = Path(os.environ["PDP_TEST_FOLDER"]) / f"own-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    with own_postgres(folder) as own:
        own.run(f"CREATE ROLE {KEEPER} LOGIN NOSUPERUSER CREATEROLE NOBYPASSRLS")
        yield own


@pytest.fixture(scope="session")
def model(server: OwnServer) -> Installation:
    """The base world, migrated and built by an owner who is no superuser; tests work on copies of it."""
    crypto.load(Keyring(KEYS, 1))
    name = f"pdp_model_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}" OWNER {KEEPER}')
    # Outside a transaction of someone, even the owner reads no case: what builds a world says so.
    keeper = Database(server.login(KEEPER, name, options="-c pdp.upkeep=on"))
    schema.upgrade(keeper.engine)
    db.bind(keeper)
    world = worlds.build()
    keeper.engine.dispose()
    server.run(f"CREATE ROLE {WEB} LOGIN IN ROLE pdp_app")
    return Installation(server, name, world)


@pytest.fixture
def installation(model: Installation) -> Iterator[Installation]:
    """A copy of the model, dropped afterwards."""
    name = f"pdp_{uuid.uuid4().hex[:12]}"
    model.server.run(f'CREATE DATABASE "{name}" TEMPLATE "{model.name}" OWNER {KEEPER}')
    try:
        yield Installation(model.server, name, model.world)
    finally:
        model.server.run(f'DROP DATABASE "{name}" WITH (FORCE)')
