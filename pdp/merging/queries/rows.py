"""The rows that hang on a person: locked in one order, and moved to another person."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import Column, Table, select, update

from pdp.cases.models import Case, InsuredPerson, PersonAlias
from pdp.core import db
from pdp.core.db import Base
from pdp.core.errors import Conflict

_MOVING = "Un dossier vient d’être ouvert pour l’une de ces personnes. Rechargez la page, puis recommencez."
# Facts about a merge or an identity: they keep the person of their day.
_FACTS = frozenset({"merge_proposal", "person_merge"})


def lock_persons(cellule_id: int, ids: Collection[int]) -> dict[int, InsuredPerson]:
    """Lock all the cases of these persons, then the persons, each in the order of their keys; return the persons.

    Everyone who holds both locks takes a case before its person. Raises `Conflict` when a case came meanwhile.
    """
    held = select(Case.id).where(Case.cellule_id == cellule_id, Case.person_id.in_(ids)).order_by(Case.id)
    known = set(db.session().scalars(held.with_for_update()))
    wanted = (
        select(InsuredPerson)
        .where(InsuredPerson.cellule_id == cellule_id, InsuredPerson.id.in_(ids))
        .order_by(InsuredPerson.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {person.id: person for person in db.session().scalars(wanted)}
    if {case.id for case in list_cases(cellule_id, ids)} != known:
        raise Conflict(_MOVING)
    return found


def list_cases(cellule_id: int, ids: Collection[int]) -> Sequence[Case]:
    """Return every case of these persons, whoever may see it."""
    wanted = select(Case).where(Case.cellule_id == cellule_id, Case.person_id.in_(ids)).order_by(Case.id)
    return db.session().scalars(wanted.execution_options(populate_existing=True)).all()


def is_absorbed(cellule_id: int, person_id: int) -> bool:
    """Tell whether a record leads to another person."""
    wanted = select(PersonAlias.id).where(
        PersonAlias.cellule_id == cellule_id,
        PersonAlias.former_id == person_id,
        PersonAlias.person_id != person_id,
        PersonAlias.ended_at.is_(None),
    )
    return db.session().scalar(wanted.limit(1)) is not None


def list_aliases(cellule_id: int, ids: Collection[int]) -> Sequence[PersonAlias]:
    """Return aliases by key."""
    wanted = select(PersonAlias).where(PersonAlias.cellule_id == cellule_id, PersonAlias.id.in_(ids))
    return db.session().scalars(wanted.order_by(PersonAlias.id)).all()


@cache
def followers() -> tuple[tuple[Table, "Column[int]"], ...]:
    """Return each table whose rows follow a person, with the column that names the person."""
    found = []
    for table in Base.metadata.sorted_tables:
        if table.name in _FACTS:
            continue
        for key in table.foreign_keys:
            if key.column.table.name == "insured_person" and key.column.name == "id":
                column = table.columns[key.parent.name]
                if column.name != "former_id":
                    found.append((table, column))
    return tuple(found)


def list_rows_of(table: Table, column: "Column[int]", cellule_id: int, person_id: int) -> list[int]:
    """Return the keys of the rows of a person in a table."""
    wanted = select(table.c.id).where(table.c.cellule_id == cellule_id, column == person_id).order_by(table.c.id)
    return list(db.session().scalars(wanted))


def move_rows(
    table: Table, column: "Column[int]", cellule_id: int, ids: Collection[int], before: int, after: int
) -> list[int]:
    """Give these rows of one person to another; return the keys of those that were still there, in order."""
    held = select(table.c.id).where(table.c.cellule_id == cellule_id, table.c.id.in_(ids), column == before)
    found = sorted(db.session().scalars(held))
    if found:
        db.session().execute(
            update(table)
            .where(table.c.cellule_id == cellule_id, table.c.id.in_(found), column == before)
            .values({column.name: after})
        )
    return found
