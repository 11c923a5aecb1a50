"""Raw SQL as the application's login, under the words of a transaction that a test chooses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection, text

from pdp.core import clock
from pdp.core.db import Database


@contextmanager
def speaking(
    database: Database,
    *,
    cellule: int | str,
    organisation: int = 0,
    role: str = "coordinateur",
    day: date | None = None,
    alone: bool = False,
) -> Iterator[Connection]:
    """Open a transaction of the application's login for someone of a cellule; rolled back at the end.

    `alone` is for a statement that PostgreSQL takes outside a transaction only.
    """
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT") if alone else database.engine
    with engine.connect() as connection:
        words = {"cellule": cellule, "organisation": organisation, "role": role, "day": day or clock.today()}
        for name, value in words.items():
            connection.execute(
                text("SELECT set_config(:name, :value, true)"), {"name": f"pdp.{name}", "value": f"{value}"}
            )
        yield connection
        connection.rollback()
