"""For whom a transaction runs: what PostgreSQL's row-level security compares rows with.

The guard below is its twin in Python, for SQLite too: no row of another cellule is written.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import inspect
from sqlalchemy.orm import Session

# Tables that name a cellule and hold nothing of an insured person: who people are and where they sit.
# They are read before it is known for whom (sign-in), so neither wall stands before them.
OPEN_TABLES = frozenset(
    {"membership", "seat", "cellule_organisation", "governance_rules", "invitation", "convocation"}
)


class Scope(Protocol):
    """For whom a transaction runs; an `Actor` is one."""

    @property
    def cellule_id(self) -> int: ...

    @property
    def organisation_id(self) -> int: ...

    @property
    def user_id(self) -> int: ...

    @property
    def role(self) -> StrEnum: ...


class Nobody(StrEnum):
    """The role of a scope without a person."""

    UPKEEP = "upkeep"


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A scope without a person: a job in one cellule, or the installation itself (no cellule)."""

    cellule_id: int = 0
    organisation_id: int = 0
    user_id: int = 0
    role: Nobody = Nobody.UPKEEP


INSTALLATION = Upkeep()

SAY = (
    "SELECT set_config('pdp.cellule', %s, true), set_config('pdp.organisation', %s, true), "
    "set_config('pdp.person', %s, true), set_config('pdp.role', %s, true), set_config('pdp.day', %s, true)"
)


def words(scope: Scope, today: date) -> tuple[str, ...]:
    """Return the parameters of `SAY`: transaction-local words, which vanish with the transaction."""
    ids = (scope.cellule_id, scope.organisation_id, scope.user_id)
    return (*map(str, ids), scope.role.value, today.isoformat())


class ForeignRow(RuntimeError):
    """A row of another cellule, or of no known one, was about to be written: a programming error."""


def refuse_foreign_rows(session: Session, scope: Scope | None) -> None:
    """Refuse to write rows whose cellule is not the scope's, or to move one from a cellule to another.

    Raises `ForeignRow`. Rows of tables without a cellule, and of the open ones, are let through.
    """
    for row in (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))):
        mapper = inspect(type(row))
        table = str(mapper.local_table)
        if "cellule_id" not in mapper.columns or table in OPEN_TABLES:
            continue
        for cellule_id in _cellules(row):
            if scope is None or cellule_id != scope.cellule_id:
                raise ForeignRow(f"{table}: a row of cellule {cellule_id} written for {scope and scope.cellule_id}")


def _cellules(row: Any) -> set[int | None]:
    """Return the cellule that a row names, and the one it named when it was read."""
    history = inspect(row).attrs.cellule_id.history
    return {row.cellule_id, *(history.deleted or ())}
