"""The rows of one case, counted or deleted by the steps that the migrations wrote; and the clocks of the database."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import func, literal_column, select, text

from pdp.audit.models import AuditEntry
from pdp.cases.models import Case
from pdp.core import db
from pdp.documents.models import DocumentBody
from pdp.retention.models import ErasureStep

# What follows comes from a table that only migrations write.
_DELETE, _COUNT = "DELETE FROM ", "SELECT count(*) FROM "


def database_now() -> datetime:
    """Return the instant as the database tells it."""
    if db.bound().is_sqlite:
        told = str(db.session().scalar(select(literal_column("strftime('%Y-%m-%d %H:%M:%f', 'now')"))))
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    found = db.session().scalar(select(func.clock_timestamp()))
    assert isinstance(found, datetime)
    return found.astimezone(UTC)


def newest_entry(cellule_id: int) -> datetime | None:
    """Return the instant of the newest journal entry of the cellule."""
    # The last written, not the latest date: entries of a clock that ran ahead would stop every run for years.
    wanted = select(AuditEntry.at).where(AuditEntry.cellule_id == cellule_id)
    return db.session().scalar(wanted.order_by(AuditEntry.id.desc()).limit(1))


def count_cases(cellule_id: int) -> int:
    """Return how many cases the cellule has: the base of the cap."""
    return db.session().scalar(select(func.count(Case.id)).where(Case.cellule_id == cellule_id)) or 0


def weigh(cellule_id: int, case_id: int) -> tuple[Mapping[str, int], int]:
    """Return how many rows of each table the erasure of a case would take, and how many bytes of files."""
    counts: Mapping[str, int]
    if db.bound().is_sqlite:
        keys = _keys(cellule_id, case_id)
        counts = {
            step.table_name: _scalar(" WHERE ".join((_COUNT + step.table_name, step.condition)), keys)
            for step in _steps()
            if not step.assignment
        }
    else:
        counts = _call("weigh_case", cellule_id, case_id)
    size = db.session().scalar(
        select(func.coalesce(func.sum(func.length(DocumentBody.sealed)), 0)).where(
            DocumentBody.cellule_id == cellule_id, DocumentBody.case_id == case_id
        )
    )
    return counts, int(size or 0)


def erase(cellule_id: int, case_id: int) -> Mapping[str, int]:
    """Delete every row of a case whose certificate says that it is being erased; return how many by table."""
    if not db.bound().is_sqlite:
        return _call("erase_case", cellule_id, case_id)
    keys, counts = _keys(cellule_id, case_id), {}
    for step in _steps():
        verb = (
            " ".join(("UPDATE", step.table_name, "SET", step.assignment))
            if step.assignment
            else _DELETE + step.table_name
        )
        statement = " WHERE ".join((verb, step.condition))
        result = db.session().execute(text(statement), keys)
        counts[step.table_name] = result.rowcount  # type: ignore[attr-defined]
    return counts


def _steps() -> list[ErasureStep]:
    return list(db.session().scalars(select(ErasureStep).order_by(ErasureStep.position)))


def _keys(cellule_id: int, case_id: int) -> dict[str, int]:
    person = db.session().scalar(select(Case.person_id).where(Case.cellule_id == cellule_id, Case.id == case_id))
    if person is None:
        raise LookupError("there is no such case")
    return {"cellule": cellule_id, "case": case_id, "person": person}


def _scalar(statement: str, keys: dict[str, int]) -> int:
    return int(db.session().execute(text(statement), keys).scalar_one())


def _call(function: str, cellule_id: int, case_id: int) -> Mapping[str, int]:
    found = db.session().execute(text(f"SELECT {function}(:cellule, :case)"), {"cellule": cellule_id, "case": case_id})
    return dict(found.scalar_one())
