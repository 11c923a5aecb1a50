"""Alembic environment: numbered revisions, both engines, the same settings as the product."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, Enum, String, TypeDecorator, create_engine, inspect

from pdp.core.db import Base, normalise_url
from pdp.core.schema import import_models
from pdp.policy.columns import COLUMNS, Mark

import_models()
config = context.config
_NAMES_NOBODY = {Mark.KEY, Mark.DIRECTORY}


def number(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Name a new revision 0007_add_quorum instead of a random hash."""
    script = directives[0]
    if getattr(config.cmd_opts, "autogenerate", False) and script.upgrade_ops.is_empty():
        directives.clear()
        return
    head = ScriptDirectory.from_config(config).get_current_head()
    following = int(head.split("_")[0]) + 1 if head else 1
    slug = "_".join(re.findall(r"\w+", script.message or "")).lower()[:40]
    script.rev_id, script.message = f"{following:04}_{slug}", None


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our own column types as the plain ones they store: a revision never imports `pdp`."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def forget_statistics(connection: Connection) -> None:
    """Keep the planner from copying what is written about people: its statistics hold frequent values in clear.

    An erasure empties a table, not the statistics gathered from it before (docs/adr/0013). Keys, and the
    statuses and dates that an index serves, keep theirs.
    """
    # An older revision may lack some of them.
    there = {
        (table, column["name"])
        for (_, table), columns in inspect(connection).get_multi_columns().items()
        for column in columns
    }
    for table in Base.metadata.sorted_tables:
        served = {column.name for index in table.indexes for column in index.columns}
        for column in table.columns:
            named = (table.name, column.name)
            if named not in there or COLUMNS.get(named, Mark.KEY) in _NAMES_NOBODY:
                continue
            if _is_free_text(column) or column.name not in served:
                connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ALTER COLUMN "{column.name}" SET STATISTICS 0')


def _is_free_text(column: Column[Any]) -> bool:
    return isinstance(column.type, String) and not isinstance(column.type, Enum)


@contextmanager
def free_to_copy(connection: Connection) -> Iterator[None]:
    """Let SQLite drop a table that others refer to once it was copied: its keys are off until the end.

    Between transactions only, where the switch works; `check_keys` looks at them before each revision is kept.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    assert raw is not None
    [before] = raw.execute("PRAGMA foreign_keys").fetchone()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA foreign_keys={before}")


def check_keys(ctx: Any, **_step: Any) -> None:
    """Refuse a revision that leaves a row without the one it refers to, in its own transaction."""
    if ctx.connection.dialect.name != "sqlite":
        return
    if orphans := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"rows of {sorted({row[0] for row in orphans})} refer to rows that are missing")


def migrate(connection: Connection) -> None:
    """Run the revisions on an open connection."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        process_revision_directives=number,
        compare_type=True,
        render_item=render_item,
        on_version_apply=check_keys,
    )
    with free_to_copy(connection), context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "postgresql":
            forget_statistics(connection)


given: Engine | Connection | None = config.attributes.get("connection")
if isinstance(given, Connection):
    migrate(given)
else:
    engine = given or create_engine(normalise_url(config.get_main_option("sqlalchemy.url") or "sqlite://"))
    with engine.connect() as opened:
        migrate(opened)
