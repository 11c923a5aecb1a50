"""A journal of several cellules and months, and hands that change its tables behind the application's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, text

from pdp.audit import service as audit
from pdp.audit.models import AuditEntry, AuditSegment
from pdp.core import clock, db
from pdp.core.db import Database

ENTRY, SEGMENT = AuditEntry.__table__, AuditSegment.__table__
Rows = list[dict[str, Any]]


def write(cellule_id: int, count: int = 1, action: str = "tests.act", **detail: Any) -> None:
    """Write `count` entries of a cellule (0 for none), each in a transaction of its own."""
    for number in range(count):
        with db.transaction(db.Upkeep(cellule_id)):
            audit.record(None, action, number=number, **detail)


def write_months(cellules: tuple[int, ...], months: int, each: int) -> None:
    """Write entries in the last `months` months of each cellule, oldest first."""
    for back in range(months - 1, -1, -1):
        with clock.acting_at(months_ago(back)):
            for cellule_id in cellules:
                write(cellule_id, each)


def months_ago(count: int) -> datetime:
    """Return noon on the 15th, `count` months before this one."""
    now = clock.now().replace(day=15, hour=12, minute=0, second=0, microsecond=0)
    for _ in range(count):
        now = (now.replace(day=1) - timedelta(days=1)).replace(day=15)
    return now


@dataclass(frozen=True)
class Snapshot:
    """All the rows of the journal's two tables."""

    segments: Rows
    entries: Rows


def snapshot(owner: Database) -> Snapshot:
    """Read both tables, as the owner does."""
    with owner.engine.connect() as connection:
        return Snapshot(*([dict(row._mapping) for row in connection.execute(t.select())] for t in (SEGMENT, ENTRY)))


def restore(owner: Database, kept: Snapshot) -> None:
    """Put both tables back as they were: what restoring an older backup does."""
    with tampering(owner) as connection:
        connection.execute(delete(ENTRY))
        connection.execute(delete(SEGMENT))
        connection.execute(insert(SEGMENT), kept.segments)
        connection.execute(insert(ENTRY), kept.entries)


@contextmanager
def tampering(owner: Database) -> Iterator[Connection]:
    """Give a connection of the owner on which no trigger holds; they are put back at the end."""
    with owner.engine.begin() as connection:
        if not owner.is_sqlite:
            for table in ("audit_entry", "audit_segment"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            yield connection
            for table in ("audit_entry", "audit_segment"):
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
            return
        found = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'")
        ).all()
        for name, _ in found:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _, statement in found:
            connection.exec_driver_sql(statement)
