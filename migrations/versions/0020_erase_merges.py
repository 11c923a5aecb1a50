"""0020_erase_merges: what a merge of persons left goes with the case, or with the person.

A record that was merged into the person has no case of its own any more: it is emptied first, since rows of
the merge still refer to it, and deleted last. Tables of merges that are only added to let a row go while a
case of their cellule is being erased.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from walls import on_postgresql

revision = "0020_erase_merges"
down_revision = "0019_access_review"
branch_labels = None
depends_on = None

ALONE = (
    "NOT EXISTS (SELECT 1 FROM case_file c WHERE c.cellule_id = :cellule AND c.person_id = :person AND c.id <> :case)"
)
_EITHER = f"((kept_id = :person OR absorbed_id = :person) AND {ALONE})"
_OF_CASE = f"cellule_id = :cellule AND (kept_case_id = :case OR absorbed_case_id = :case OR {_EITHER})"
_PROPOSALS = f"(SELECT id FROM merge_proposal WHERE {_OF_CASE})"
_OF_MERGE = f"cellule_id = :cellule AND (proposal_id IN {_PROPOSALS} OR {_EITHER})"
_MERGES = f"cellule_id = :cellule AND merge_id IN (SELECT id FROM person_merge WHERE {_OF_MERGE})"
_WITHOUT_CASE = (
    "NOT EXISTS (SELECT 1 FROM case_file k WHERE k.cellule_id = :cellule AND k.person_id = insured_person.id)"
)
_FORMER = (
    f"cellule_id = :cellule AND id <> :person AND {ALONE} AND {_WITHOUT_CASE} AND (id IN "
    "(SELECT former_id FROM person_alias WHERE cellule_id = :cellule AND person_id = :person) OR id IN "
    "(SELECT absorbed_id FROM person_merge WHERE cellule_id = :cellule AND kept_id = :person))"
)
_EMPTY = ", ".join(f"{name} = ''" for name in ("family_name", "given_name", "phone", "email", "town", "search_key"))
STEPS = (
    ("insured_person", _FORMER, f"{_EMPTY}, nir = NULL, nir_index = NULL"),
    ("person_merge_line", _MERGES, ""),
    ("person_unmerge", _MERGES, ""),
    ("person_merge", _OF_MERGE, ""),
    ("merge_proposal", _OF_CASE, ""),
    ("person_alias", f"cellule_id = :cellule AND (person_id = :person OR former_id = :person) AND {ALONE}", ""),
)
_LAST = f"cellule_id = :cellule AND id = :person AND {ALONE}"
_EMPTIED = f"cellule_id = :cellule AND family_name = '' AND search_key = '' AND {_WITHOUT_CASE}"
KEPT = ("person_merge", "person_unmerge", "person_merge_line")
_ERASING = "EXISTS (SELECT 1 FROM case_erasure e WHERE e.state = 'erasing' AND e.cellule_id = OLD.cellule_id)"

_step: Any = sa.table(
    "erasure_step",
    *(sa.column(name) for name in ("position", "table_name", "condition", "assignment")),
)


def upgrade() -> None:
    before = op.get_bind().scalar(sa.select(_step.c.position).where(_step.c.table_name == "case_file"))
    op.bulk_insert(
        _step,
        [
            {
                "position": before - len(STEPS) + place,
                "table_name": table,
                "condition": condition,
                "assignment": assignment,
            }
            for place, (table, condition, assignment) in enumerate(STEPS)
        ],
    )
    _end_with(f"({_LAST}) OR ({_EMPTIED})")
    for table in KEPT:
        (_let_go_postgres if on_postgresql() else _let_go_sqlite)(table)


def downgrade() -> None:
    names = {table for table, _, _ in STEPS} - {"insured_person"}
    op.execute(sa.delete(_step).where(_step.c.table_name.in_(names)))
    op.execute(sa.delete(_step).where(_step.c.table_name == "insured_person", _step.c.assignment != ""))
    _end_with(_LAST)
    for table in KEPT:
        (_keep_postgres if on_postgresql() else _keep_sqlite)(table)
    if on_postgresql():
        op.execute("DROP FUNCTION refuse_lone_row_of_merge()")


def _end_with(condition: str) -> None:
    last = sa.update(_step).where(_step.c.table_name == "insured_person", _step.c.assignment == "")
    op.execute(last.values(condition=condition))


def _let_go_sqlite(table: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_delete")
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT {_ERASING} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _keep_sqlite(table: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_delete")
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


# Lines may be renewed under a newer key: another trigger looks at their changes.
_STATEMENTS = {"person_merge_line": "TRUNCATE"}


def _let_go_postgres(table: str) -> None:
    if table == KEPT[0]:
        schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
        op.execute(
            f"CREATE FUNCTION refuse_lone_row_of_merge() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = {schema}, pg_temp AS $$ BEGIN IF NOT {_ERASING} THEN "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN OLD; END $$"
        )
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    _append_only(table, _STATEMENTS.get(table, "UPDATE OR TRUNCATE"))
    op.execute(
        f"CREATE TRIGGER {table}_erased_with_its_case BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_lone_row_of_merge()"
    )


def _keep_postgres(table: str) -> None:
    op.execute(f"DROP TRIGGER {table}_erased_with_its_case ON {table}")
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    _append_only(table, _STATEMENTS.get(table, "UPDATE OR TRUNCATE").replace("TRUNCATE", "DELETE OR TRUNCATE"))


def _append_only(table: str, verbs: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
