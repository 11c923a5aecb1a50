"""One process at a time leads: a lock that ends with the process, or with its connection.

PostgreSQL: an advisory lock of a connection of its own. SQLite: a lock on a file beside the database.
"""

import fcntl
import os
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from pdp.core.db import Database

# « PDP_JOBS » in eight letters.
_KEY = 0x5044505F4A4F4253
# A line that was cut without a word is noticed within about twenty seconds.
_ALIVE = {"connect_timeout": 10, "keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3}
_ALIVE_SENDING = {"tcp_user_timeout": 15_000}


class Lock(Protocol):
    """What makes a process the leader."""

    def acquire(self) -> bool:
        """Try to become the leader; False while another process is."""
        ...

    def holds(self) -> bool:
        """Tell whether this process still is."""
        ...

    def release(self) -> None:
        """Let another process lead."""
        ...


def lock_of(database: Database) -> Lock:
    """Return the lock of the installation that a database belongs to."""
    name = database.engine.url.database
    if database.is_sqlite:
        return FileLock(Path(f"{name}.scheduler"))
    return ServerLock(database.url)


class FileLock:
    """A lock on a file, which the system lets go when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Try to lock the file; False while another process has it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def holds(self) -> bool:
        """Tell whether the file locked is still the one that others would lock."""
        if self._handle is None:
            return False
        try:
            return os.fstat(self._handle).st_ino == self._path.stat().st_ino
        except OSError:
            return False

    def release(self) -> None:
        """Let the file go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class ServerLock:
    """An advisory lock of a connection of its own: lost with the connection, which is asked again at each beat."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"application_name": "pdp scheduler", **_ALIVE, **_ALIVE_SENDING},
        )
        self._connection: Connection | None = None
        self._backend: Any = None

    def acquire(self) -> bool:
        """Try to take the lock; False while another connection has it, or while the server is not there."""
        self.release()
        try:
            connection = self._connection = self._engine.connect()
            self._backend = connection.scalar(text("SELECT pg_backend_pid()"))
            if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}):
                return True
        except SQLAlchemyError:
            pass
        self.release()
        return False

    def holds(self) -> bool:
        """Tell whether the connection that took the lock still stands, and is the same at the server."""
        try:
            return (
                self._connection is not None
                and self._connection.scalar(text("SELECT pg_backend_pid()")) == self._backend
            )
        except SQLAlchemyError:
            return False

    def release(self) -> None:
        """Close the connection: the lock goes with it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except SQLAlchemyError:
                connection.invalidate()
