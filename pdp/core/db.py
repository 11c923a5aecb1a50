"""Engine, base class and the one transaction of each use case.

SQLite gets WAL, `synchronous=FULL`, foreign keys and `BEGIN IMMEDIATE` for writing transactions: a
deferred transaction that reads and then writes fails at once when another one committed meanwhile.
What is deleted there is overwritten with zeros.
Reads end in COMMIT, because psycopg forgets its prepared statements at every ROLLBACK.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from pdp.core import clock
from pdp.core.errors import UnauditedWrite
from pdp.core.ids import new_public_id
from pdp.core.scope import INSTALLATION as INSTALLATION
from pdp.core.scope import SAY, refuse_foreign_rows, words
from pdp.core.scope import Scope as Scope
from pdp.core.scope import Upkeep as Upkeep

JOURNAL_TABLE = "audit_entry"
# Housekeeping rows that are no act of a person on a case: they may be written without an entry.
TECHNICAL_TABLES = frozenset(
    {
        "user_session",
        "sign_in_attempt",
        "passkey_challenge",
        "provider_return",
        "password_reset",
        "alembic_version",
        "job_slot",
        "notice",
        "outbox_mail",
        "link_mail",
        "audit_segment",
    }
)

BigId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC on both engines; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table: an integer key that stays inside, constraints named alike on both engines."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # Words are stored as text without a constraint: a new status is one line and no migration.
    type_annotation_map = {
        datetime: UtcDateTime,
        int: BigId,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }

    id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-3)


class Public:
    """A row that a URL or an export may name, by an opaque random id only."""

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id, sort_order=-2)


class Versioned:
    """A row that two people may edit at once: a stale form is refused, never silently merged."""

    version: Mapped[int] = mapped_column(Integer, default=1, sort_order=90)

    @property
    def etag(self) -> str:
        """Return the version as the form carries it."""
        return str(self.version)


def normalise_url(url: str) -> str:
    """Return the URL with an explicit psycopg 3 driver for PostgreSQL."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)


@dataclass
class _Unit:
    """The transaction under way in this context: its session, for whom it runs, the tables it wrote."""

    session: Session
    scope: Scope | None = None
    writes: set[str] = field(default_factory=set)
    last_steps: list[Callable[[], None]] = field(default_factory=list)

    def finish(self) -> None:
        """Write what is pending, then run the last steps, so that they hold their locks for an instant only."""
        self.session.flush()
        while self.last_steps:
            self.last_steps.pop(0)()
        self.session.flush()


_current: ContextVar[_Unit | None] = ContextVar("pdp_unit", default=None)
_WRITE = re.compile(r'^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)


class Database:
    """An engine and its sessions. One per process, bound by `bind`."""

    def __init__(self, url: str, **options: Any) -> None:
        self.url = normalise_url(url)
        self.engine = create_engine(self.url, **(self._defaults() | options))
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.sessions = sessionmaker(self.engine, expire_on_commit=False, autoflush=True)
        event.listen(self.sessions, "before_flush", _refuse_foreign_rows)
        _listen(self.engine, self.is_sqlite)

    def _defaults(self) -> dict[str, Any]:
        # The values of a failed statement are people's data: no error message ever shows them.
        shared = {"hide_parameters": True}
        if make_url(self.url).get_backend_name() == "sqlite":
            return shared | {"connect_args": {"timeout": 30}}
        return shared | {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}


_bound: list[Database] = []


def bind(database: Database) -> Database:
    """Make `database` the one that transactions of this process use."""
    _bound[:] = [database]
    return database


def bound() -> Database:
    """Return the bound database; a programming error when none is."""
    if not _bound:
        raise RuntimeError("no database is bound to this process")
    return _bound[0]


def session() -> Session:
    """Return the session of the transaction under way; queries and services call it."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("no transaction is under way: use `with transaction()` or `with reading()`")
    return unit.session


def adopt(scope: Scope) -> Scope:
    """Give the transaction under way a scope if nobody did; return for whom it runs."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("no transaction is under way")
    if unit.scope is None:
        _run_for(unit, scope)
    return unit.scope or scope


def before_commit(step: Callable[[], None]) -> None:
    """Run a step just before the commit of the transaction under way; if it fails, nothing is committed."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("no transaction is under way")
    unit.last_steps.append(step)


@contextmanager
def transaction(scope: Scope | None = None) -> Iterator[Session]:
    """Run a use case in one transaction for an actor, committed once at the outermost level.

    An inner use joins the outer one. Without a scope PostgreSQL shows no row of any case. Raises
    `UnauditedWrite`, and commits nothing, when rows were written without a journal entry.
    """
    yield from _unit_of_work(scope, writing=True)


@contextmanager
def reading(scope: Scope | None = None) -> Iterator[Session]:
    """Run reads that leave no journal entry (polls, reference data); a write inside is refused."""
    yield from _unit_of_work(scope, writing=False)


def _unit_of_work(scope: Scope | None, *, writing: bool) -> Iterator[Session]:
    outer = _current.get()
    if outer is not None:
        if writing and outer.session.info["read_only"]:
            raise RuntimeError("a read-only unit cannot be joined by a write")
        said = outer.scope
        _run_for(outer, scope)
        yield outer.session
        if said is not None and outer.scope is not None and said.cellule_id == outer.scope.cellule_id:
            outer.session.flush()
            _run_for(outer, said)
        return
    with bound().sessions(info={"read_only": not writing}) as own:
        unit = _Unit(own)
        token = _current.set(unit)
        try:
            own.connection(execution_options={"read_only": not writing})
            _run_for(unit, scope)
            yield own
            unit.finish()
            _refuse_untraced(unit)
            own.commit()
        except BaseException:
            own.rollback()
            raise
        finally:
            _current.reset(token)


def _run_for(unit: _Unit, scope: Scope | None) -> None:
    """Say to PostgreSQL for whom the transaction runs; the words vanish with the transaction."""
    if scope is None or scope is unit.scope:
        return
    if unit.scope not in (None, INSTALLATION) and unit.scope.cellule_id != scope.cellule_id:
        raise RuntimeError("a transaction of one cellule cannot be joined by another")
    unit.scope = scope
    if not bound().is_sqlite:
        unit.session.connection().exec_driver_sql(SAY, words(scope, clock.today()))


def _refuse_untraced(unit: _Unit) -> None:
    traced = JOURNAL_TABLE in unit.writes
    untraced = unit.writes - TECHNICAL_TABLES - {JOURNAL_TABLE}
    if untraced and not traced:
        raise UnauditedWrite(f"written without a journal entry: {', '.join(sorted(untraced))}")


def _refuse_foreign_rows(session: Session, _context: Any, _instances: Any) -> None:
    # A session that no unit of work opened is not the application's: it is the owner's.
    unit = _current.get()
    if unit is not None and unit.session is session and not session.info.get("owner"):
        refuse_foreign_rows(session, unit.scope)


def _listen(engine: Engine, is_sqlite: bool) -> None:
    event.listen(engine, "before_cursor_execute", _note_write)
    if is_sqlite:
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _note_write(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
) -> None:
    found = _WRITE.match(statement)
    unit = _current.get()
    if not found or unit is None:
        return
    if unit.session.info["read_only"]:
        raise UnauditedWrite(f"a read-only unit wrote {found[1]}")
    unit.writes.add(found[1].lower())


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off so that BEGIN is ours (see `begin`).
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
