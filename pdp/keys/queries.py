"""What is sealed under which key, and the values to seal again. Everything goes by the stored bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    String,
    TableClause,
    column,
    func,
    inspect,
    literal,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError

from pdp.audit.models import AuditSegment
from pdp.core import clock, crypto, db, sealed
from pdp.core.db import Base, Database
from pdp.core.sealed import SealedColumn
from pdp.keys.models import KeyCheck

_CELLULES = table("cellule", column("id", Integer))


@dataclass(frozen=True, slots=True)
class Stored:
    """A sealed value and the row that it lives in."""

    id: int
    owner_id: int
    public_id: str
    value: bytes


def list_cellules() -> Sequence[int]:
    """Return the key of every cellule."""
    return db.session().scalars(select(_CELLULES.c.id).order_by(_CELLULES.c.id)).all()


def keep_up() -> None:
    """Let the owner of the tables reach every row of PostgreSQL in this transaction."""
    if not db.bound().is_sqlite:
        db.session().connection().exec_driver_sql("SELECT set_config('pdp.upkeep', 'on', true)")


def count_headers(cell: SealedColumn, cellule_id: int) -> Mapping[bytes, int]:
    """Count the values of a column by their first bytes: layout and key."""
    rows = _rows(cell)
    head = func.substr(rows.c[cell.column], 1, crypto.HEADER)
    counted = select(head, func.count()).where(rows.c[cell.column].is_not(None), _within(cell, rows, cellule_id))
    return {bytes(row[0]): row[1] for row in db.session().execute(counted.group_by(head))}


def list_stale(cell: SealedColumn, cellule_id: int, after: int, limit: int) -> Sequence[Stored]:
    """Return the next values of a column that the current key did not seal, in today's layout."""
    rows = _rows(cell)
    current = crypto.header(crypto.ring().current)
    found = db.session().execute(
        select(rows.c.id, rows.c[cell.owner], rows.c.public_id, rows.c[cell.column])
        .where(
            _within(cell, rows, cellule_id),
            rows.c.id > after,
            rows.c[cell.column].is_not(None),
            func.substr(rows.c[cell.column], 1, crypto.HEADER) != current,
        )
        .order_by(rows.c.id)
        .limit(limit)
    )
    return [Stored(row[0], row[1], row[2], bytes(row[3])) for row in found]


def replace_value(cell: SealedColumn, before: Stored, after: bytes) -> bool:
    """Put the new bytes in place of the old ones; False when the row changed meanwhile."""
    rows = _rows(cell)
    done = db.session().execute(
        update(rows).where(rows.c.id == before.id, rows.c[cell.column] == before.value).values({cell.column: after})
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def count_segments() -> Mapping[int, int]:
    """Count the segments of the journal by the key of their seals; it takes that key to verify them."""
    kept = select(AuditSegment.key_id, func.count()).where(AuditSegment.destroyed_at.is_(None))
    rows = db.session().execute(kept.group_by(AuditSegment.key_id))
    return {row[0]: row[1] for row in rows}


def describe_database() -> tuple[str, int]:
    """Return the engine with its version, and the size of the database in bytes."""
    connection = db.session().connection()
    if db.bound().is_sqlite:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return f"SQLite {version}", pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    version = str(connection.exec_driver_sql("SHOW server_version").scalar_one()).split()[0]
    size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return f"PostgreSQL {version}", size


def count_tables() -> list[tuple[str, int]]:
    """Count the rows of each table; of those bound to a case, PostgreSQL shows the actor's cellule only."""
    names = sorted(Base.metadata.tables)
    counted = [select(literal(name), func.count()).select_from(Base.metadata.tables[name]) for name in names]
    return [(row[0], row[1]) for row in db.session().execute(union_all(*counted).order_by(text("1")))]


def last_anchor() -> datetime | None:
    """Return when the journal was last anchored."""
    return db.session().scalar(select(func.max(AuditSegment.anchored_at)))


def list_checks() -> Sequence[KeyCheck]:
    """Return what proves each key."""
    return db.session().scalars(select(KeyCheck).order_by(KeyCheck.key_id)).all()


def read_checks(database: Database) -> Sequence[KeyCheck] | None:
    """Return what proves each key, outside any use case; None before the tables exist."""
    if not inspect(database.engine).has_table(KeyCheck.__tablename__):
        return None
    with database.sessions() as session:
        return session.scalars(select(KeyCheck).order_by(KeyCheck.key_id)).all()


def add_check(database: Database, key_id: int, answer: bytes, *, keys_index: bool) -> None:
    """Keep what proves a key; several processes may do so at their first start."""
    row = KeyCheck(key_id=key_id, answer=answer, keys_index=keys_index, added_at=clock.now())
    with database.sessions() as session:
        try:
            session.add(row)
            session.commit()
        except IntegrityError:
            session.rollback()


def sample(database: Database, key_id: int) -> tuple[SealedColumn, Stored] | None:
    """Return a value sealed under a key before keys were proved, if this login may see one."""
    with database.sessions() as session:
        for cell in sealed.COLUMNS.values():
            rows = _rows(cell)
            heads = [bytes([layout, key_id]) for layout in (1, 2)]
            found = session.execute(
                select(rows.c.id, rows.c[cell.owner], rows.c.public_id, rows.c[cell.column])
                .where(func.substr(rows.c[cell.column], 1, crypto.HEADER).in_(heads))
                .limit(1)
            ).one_or_none()
            if found:
                return cell, Stored(found[0], found[1], found[2], bytes(found[3]))
    return None


def _within(cell: SealedColumn, rows: TableClause, cellule_id: int) -> ColumnElement[bool]:
    """Say which rows of a column are those of a cellule; accounts' own are of the installation, cellule 0."""
    return rows.c.cellule_id == cellule_id if cell.owner == "cellule_id" else literal(cellule_id) == 0


def _rows(cell: SealedColumn) -> TableClause:
    """Return the table as stored: the mapped column would ask for plain texts."""
    return table(
        cell.table,
        column("id", Integer),
        column(cell.owner, Integer),
        column("public_id", String),
        column(cell.column, LargeBinary),
    )
