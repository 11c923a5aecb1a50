"""A row in every table of every cellule, made from the columns' types: no table is proved while empty."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, Integer, LargeBinary, Table, text

from pdp.core import schema
from pdp.core.db import Base, Database

schema.import_models()
_numbers = count(900_000)
_CONDITIONS = (
    "SELECT conrelid::regclass, conname FROM pg_constraint "
    "WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
)


def fill_every_table(owner: Database, *given: dict[str, int]) -> None:
    """Add to each table that names a cellule one made-up row per dictionary, which says what it hangs on.

    Needs a superuser, and a copy of one's own: nothing is checked, keys or conditions.
    """
    with owner.engine.begin() as connection:
        for table, name in connection.execute(text(_CONDITIONS)).all():
            connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in named_tables():
            for values in given:
                _add(connection, table, values)


def named_tables() -> list[Table]:
    """Return the tables whose rows name a cellule."""
    return [table for table in Base.metadata.sorted_tables if "cellule_id" in table.columns]


def _add(connection: Connection, table: Table, given: dict[str, int]) -> None:
    values = {column.name: given.get(column.name, _value(column)) for column in table.columns}
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING'), values)


def _value(column: "Column[Any]") -> Any:
    kind = getattr(column.type, "impl", column.type)
    number = next(_numbers)
    for type_, value in (
        (Boolean, False),
        (Integer, number),
        (DateTime, datetime(2026, 1, 5, tzinfo=UTC)),
        (Date, date(2026, 1, 5)),
        (JSON, "{}"),
        (LargeBinary, str(number).encode()),
    ):
        if isinstance(kind, type_):
            return value
    return str(number)[: getattr(kind, "length", None) or 20]
