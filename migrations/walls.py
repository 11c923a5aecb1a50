"""What a new table needs on PostgreSQL: the rights of the application, and its wall. Nothing on SQLite.

The words are those of `0009_row_security`, where they are explained. A revision that was released calls
these functions as they were: add one, never change one.
"""

import os
import re
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

PARTNERS = "'spst', 'cap_emploi', 'comete', 'mdph', 'oeth'"
CELLULE = "nullif(current_setting('pdp.cellule', true), '')::bigint"
ORGANISATION = "nullif(current_setting('pdp.organisation', true), '')::bigint"
ROLE = "coalesce(current_setting('pdp.role', true), '')"
HERE = f"cellule_id = (SELECT {CELLULE})"
NOT_A_PARTNER = f"(SELECT {ROLE} NOT IN ('', {PARTNERS}))"

# What a partner may see of a table: nothing, or the rows of cases shared today, or those of its organisation.
NOTHING = "false"
SHARED_CASES = "case_id IN (SELECT s FROM pdp_shared_cases() s)"
SHARED_PEOPLE = "person_id IN (SELECT s FROM pdp_shared_people() s)"
OWN_ORGANISATION = f"organisation_id = (SELECT {ORGANISATION})"


def on_postgresql() -> bool:
    """Tell whether the revision runs on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def app_role() -> str:
    """Return the role that carries the application's rights."""
    name = os.environ.get("PDP_APP_ROLE", "pdp_app")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError(f"PDP_APP_ROLE: {name!r} is no plain name of a role")
    return name


def grant(table: str, rights: Iterable[str] = ("SELECT", "INSERT", "UPDATE")) -> None:
    """Give the application these rights on a table, and the numbers of its key."""
    if not on_postgresql():
        return
    op.execute(f"GRANT {', '.join(rights)} ON {table} TO {app_role()}")
    op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {app_role()}")


def protect(table: str, *, partners: str | None = NOTHING) -> None:
    """Force row security on a table that names its cellule; `partners` says what of it a partner sees, None: all."""
    if not on_postgresql():
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY cellule ON {table} USING ({HERE}) WITH CHECK ({HERE})")
    op.execute(
        f"CREATE POLICY upkeep ON {table} TO CURRENT_USER "
        "USING ((SELECT coalesce(current_setting('pdp.upkeep', true), '') = 'on'))"
    )
    if partners is not None:
        wall = f"{NOT_A_PARTNER} OR {partners}"
        op.execute(f"CREATE POLICY partner_wall ON {table} AS RESTRICTIVE TO {app_role()} USING ({wall})")


def keep_rows(table: str) -> None:
    """Refuse, on both engines, to change or delete rows of a table that is only added to."""
    if on_postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def keep_until_erased(table: str, kept: Iterable[str] = ()) -> None:
    """Refuse, on SQLite, to change `kept` (all of a row when none is named) and to delete but with its case.

    PostgreSQL needs no trigger: the application has no right to either.
    """
    if on_postgresql():
        return
    columns = ", ".join(kept)
    said = f"SELECT RAISE(ABORT, '{table} is append-only')"
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE {f'OF {columns} ' if columns else ''}ON {table} "
        f"BEGIN {said}; END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT EXISTS "
        f"(SELECT 1 FROM case_erasure e WHERE e.state = 'erasing' AND e.case_id = OLD.case_id) "
        f"BEGIN {said}; END"
    )


def key() -> sa.types.TypeEngine[int]:
    """Return the type of our keys on both engines."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
