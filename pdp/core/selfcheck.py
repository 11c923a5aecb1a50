"""What production refuses to start with: a PostgreSQL whose walls or promises are down.

Each condition gives one sentence that names what to change (docs/operations.md, « Database roles »).
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from pdp.core.db import Base, Database
from pdp.core.scope import OPEN_TABLES
from pdp.settings import SettingsError

_MAY_BECOME = "SELECT 1 FROM pg_roles WHERE {right} AND pg_has_role(current_user, oid, 'MEMBER') LIMIT 1"
_OWNED = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace "
    "AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'MEMBER') ORDER BY 1 LIMIT 1"
)
_FORCED = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace "
    "AND c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relforcerowsecurity"
)


def refuse_unsafe_database(database: Database) -> None:
    """Raise `SettingsError` with a sentence per condition that production refuses; SQLite has none of them.

    The models must be imported: what is to be protected is read from them.
    """
    if database.is_sqlite:
        return
    with database.engine.connect() as connection:
        found = list(_faults(connection))
    if found:
        raise SettingsError(" ".join(found))


def protected_tables() -> set[str]:
    """Return the tables that row-level security must guard: those that name a cellule, but for the open ones."""
    return {name for name, table in Base.metadata.tables.items() if "cellule_id" in table.columns} - OPEN_TABLES


def _faults(connection: Connection) -> Iterator[str]:
    role = connection.scalar(text("SELECT current_user"))
    if connection.scalar(text(_MAY_BECOME.format(right="rolsuper"))):
        yield f"The database role {role} is a superuser: connect as a member of the application's role."
    if connection.scalar(text(_MAY_BECOME.format(right="rolbypassrls"))):
        yield f"The database role {role} may bypass row-level security: take BYPASSRLS away from it."
    if owned := connection.scalar(text(_OWNED)):
        yield f"The database role {role} owns {owned}: keep the owner for `pdp db upgrade` (PDP_OWNER_URL)."
    forced = set(connection.scalars(text(_FORCED)))
    if open_to_all := sorted(protected_tables() - forced):
        yield f"Row-level security is not forced on {', '.join(open_to_all)}: run `pdp db upgrade`."
    for setting in ("fsync", "synchronous_commit"):
        if connection.scalar(text("SELECT current_setting(:name)"), {"name": setting}) == "off":
            yield f"PostgreSQL runs with {setting} = off: an act confirmed may be lost, turn it on."
