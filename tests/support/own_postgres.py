"""A PostgreSQL server of one's own: durable as in production, its roles and files touched by nobody else."""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from pdp.core.db import normalise_url
from tests.support.databases import packaged_server


class OwnServer:
    """A server in a folder: its superuser's URL, where its files are, the programs that came with it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "pgdata"
        self.handle = packaged_server(self.data, runtime=Path(os.environ["PDP_TEST_FOLDER"]))
        self.url: URL = make_url(normalise_url(self.handle.get_uri()))
        self.programs: Path = self.handle.bin_path

    def run(self, *statements: str, database: str | None = None) -> None:
        """Run statements as the superuser, each committed at once."""
        url = self.url.set(database=database) if database else self.url
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def login(self, user: str, database: str, **query: str) -> str:
        """Return the URL of a database for a login; the server trusts who comes by its socket."""
        url = self.url.set(username=user, database=database).update_query_dict(query)
        return url.render_as_string(hide_password=False)


@contextmanager
def own_postgres(folder: Path) -> Iterator[OwnServer]:
    """Start a server in a folder and stop it by its own handle."""
    server = OwnServer(folder)
    try:
        yield server
    finally:
        server.handle.cleanup()
        atexit.unregister(server.handle._cleanup)
