"""What is voted, decided, given, noted or journalled resists raw SQL typed as the application's role."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pdp.core.db import Database
from tests.reliability.rows import fill_every_table
from tests.reliability.words import speaking
from tests.support.databases import LOGIN
from tests.support.world import World

pytestmark = pytest.mark.postgresql

KEPT = (
    "vote",
    "ballot_voter",
    "cellule_opinion",
    "fund_decision",
    "eligibility_snapshot",
    "human_answer",
    "request_outcome",
    "minutes",
    "minutes_version",
    "minutes_file",
    "advice_reply",
    "case_note",
    "case_export",
    "departure",
    "agenda_trace",
    "audit_entry",
)
# What someone who stole the application's password would type, by table.
ON_A_TABLE = (
    "UPDATE {table} SET cellule_id = cellule_id",
    "UPDATE {table} SET id = id + 100000",
    "UPDATE ONLY {table} SET cellule_id = 1 WHERE id > 0 RETURNING id",
    "INSERT INTO {table} SELECT * FROM {table} LIMIT 1 ON CONFLICT (id) DO UPDATE SET cellule_id = 1",
    "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET cellule_id = t.cellule_id",
    "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM {table} RETURNING id) SELECT count(*) FROM gone",
    "DELETE FROM {table}",
    "DELETE FROM {table} USING cellule",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "TRUNCATE {table} RESTART IDENTITY CASCADE",
    "DROP TABLE {table}",
    "DROP TABLE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} ENABLE REPLICA TRIGGER {table}_append_only",
    "DROP TRIGGER {table}_append_only ON {table}",
    "CREATE TRIGGER swallow BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE swallow AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY cellule ON {table}",
    "ALTER POLICY cellule ON {table} USING (true)",
    "CREATE POLICY everything ON {table} USING (true)",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} RENAME TO elsewhere",
    "ALTER TABLE {table} SET SCHEMA pg_temp",
    "ALTER TABLE {table} DROP COLUMN cellule_id",
    "ALTER TABLE {table} ALTER COLUMN cellule_id DROP NOT NULL",
    "CREATE TABLE pulled () INHERITS ({table})",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "SELECT * FROM {table} FOR UPDATE",
    "COPY {table} TO '/tmp/pdp-stolen'",
    "COPY {table} TO PROGRAM 'cat > /tmp/pdp-stolen'",
    "COPY {table} FROM '/dev/null'",
    "COPY {table} FROM PROGRAM 'true'",
    "CREATE INDEX ON {table} (id)",
    "CLUSTER {table} USING pk_{table}",
    "REINDEX TABLE {table}",
    "COMMENT ON TABLE {table} IS 'mine'",
    "SELECT setval('{table}_id_seq', 1)",
    "ALTER SEQUENCE {table}_id_seq RESTART",
    "CREATE PUBLICATION leak FOR TABLE {table}",
)
# PostgreSQL warns and does nothing: the fingerprints below tell.
WITHOUT_EFFECT = (
    "GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER",
    "GRANT ALL ON {table} TO PUBLIC",
    "REVOKE ALL ON {table} FROM PUBLIC CASCADE",
)
# And against the whole.
ON_THE_DATABASE = (
    "SET session_replication_role = replica",
    "SET LOCAL session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', true)",
    "SET row_security = off; SELECT count(*) FROM vote",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "ALTER ROLE {login} SUPERUSER",
    "ALTER ROLE {login} BYPASSRLS",
    "ALTER ROLE pdp_app BYPASSRLS",
    "GRANT {owner} TO {login}",
    "GRANT pg_write_server_files TO {login}",
    "CREATE ROLE another SUPERUSER LOGIN",
    "DROP OWNED BY {owner}",
    "REASSIGN OWNED BY {owner} TO CURRENT_USER",
    "CREATE FUNCTION become() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM vote'",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL;END'",
    "CREATE OR REPLACE FUNCTION pdp_shared_cases() RETURNS SETOF bigint LANGUAGE sql AS 'SELECT id FROM case_file'",
    "DROP FUNCTION refuse_change() CASCADE",
    "ALTER FUNCTION refuse_change() OWNER TO CURRENT_USER",
    "SELECT destroy_journal_segment(id) FROM audit_segment",
    "DELETE FROM audit_segment",
    "TRUNCATE audit_segment",
    "UPDATE audit_segment SET last_sequence = 0",
    "UPDATE audit_segment SET destroyed_at = now(), certificate = 'x'",
    "DELETE FROM alembic_version",
    "UPDATE alembic_version SET version_num = '0002_append_only'",
    "ALTER SYSTEM SET fsync = off",
    "ALTER DATABASE postgres SET session_replication_role = replica",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/pdp-stolen')",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA mine",
    "UPDATE pg_class SET relrowsecurity = false",
    "UPDATE pg_trigger SET tgenabled = 'D'",
    "DELETE FROM pg_policy",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{owner}'",
)


@pytest.fixture
def filled(owner: Database, world: World) -> World:
    """The base world with a row of our cellule in every table."""
    fill_every_table(owner, {"cellule_id": world.cellule["a"]})
    return world


# A right that is missing (42501), a trigger of ours (P0001), COPY into a table with row security (0A000).
REFUSALS = {"42501", "P0001", "0A000"}


def refused(database: Database, cellule: int, statement: str) -> bool:
    """Type a statement, committed if it goes through; tell whether the database refused it for a good reason."""
    alone = statement.startswith("ALTER SYSTEM")
    try:
        with speaking(database, cellule=cellule, role="service_medical", alone=alone) as connection:
            for part in statement.split("; "):
                connection.execute(text(part))
            connection.commit()
    except DBAPIError as error:
        return getattr(error.orig, "sqlstate", None) in REFUSALS
    return False


_PRINT = """
SELECT (SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t),
  relname, relowner, relacl, relrowsecurity, relforcerowsecurity, relhasrules,
  (SELECT string_agg(t::text, ',' ORDER BY tgname) FROM pg_trigger t WHERE tgrelid = c.oid),
  (SELECT string_agg(p::text, ',' ORDER BY polname) FROM pg_policy p WHERE polrelid = c.oid)
FROM pg_class c WHERE c.oid = '{table}'::regclass
"""


def prints(owner: Database) -> dict[str, str]:
    """Return a fingerprint of each kept table: its rows, triggers, policies and rights."""
    with owner.engine.connect() as connection:
        return {table: str(connection.execute(text(_PRINT.format(table=table))).one()) for table in KEPT}


def test_raw_sql_changes_nothing_that_is_kept(
    database: Database, owner: Database, filled: World, figure: Callable[[str, object], None]
) -> None:
    cellule = filled.cellule["a"]
    statements = [statement.format(table=table) for table in KEPT for statement in ON_A_TABLE]
    statements += [statement.format(owner=owner.engine.url.username, login=LOGIN) for statement in ON_THE_DATABASE]
    before = prints(owner)
    accepted = [statement for statement in statements if not refused(database, cellule, statement)]
    assert accepted == []
    for statement in WITHOUT_EFFECT:
        for table in KEPT:
            refused(database, cellule, statement.format(table=table))
    assert prints(owner) == before
    figure("rls.refused", f"{len(statements) - len(accepted)} of {len(statements)} statements refused")


# A temporary table hides a real one from whoever names it without its schema: what a trigger or a function of
# ours asks must not be answered by a table of the intruder's.
SHADOWS = (
    "CREATE TEMPORARY TABLE audit_segment AS SELECT id, now() AS destroyed_at FROM audit_segment; "
    "GRANT ALL ON pg_temp.audit_segment TO PUBLIC; "
    "SELECT destroy_journal_segment(id) FROM pg_temp.audit_segment",
    "CREATE TEMPORARY TABLE ballot AS SELECT id, 'OPEN'::text AS status FROM ballot; "
    "GRANT ALL ON pg_temp.ballot TO PUBLIC; "
    "SELECT set_config('search_path', 'pg_temp, public', true); "
    "INSERT INTO public.vote (public_id, cellule_id, ballot_id, seat_id, membership_id, sequence, value, text,"
    " channel, cast_by_id, cast_at) SELECT 'shadow', b.cellule_id, b.id, s.id, m.id, 99, 'FOR', '', 'CONSOLE',"
    " m.user_id, now() FROM public.ballot b, seat s, membership m LIMIT 1",
)


@pytest.mark.parametrize("statement", SHADOWS, ids=["destruction", "late vote"])
def test_a_temporary_table_deceives_no_trigger_and_no_function(
    database: Database, owner: Database, filled: World, statement: str
) -> None:
    with owner.engine.begin() as connection:
        connection.execute(text("UPDATE ballot SET status = 'CLOSED'"))
    before = prints(owner)
    through = not refused(database, filled.cellule["a"], statement)
    assert [table for table, found in prints(owner).items() if found != before[table]] == []
    assert not through


def test_the_same_role_may_add_what_the_product_adds(database: Database, filled: World) -> None:
    entry = (
        "INSERT INTO audit_entry (at, cellule_id, action, refused) "
        f"VALUES (now(), {filled.cellule['a']}, 'tests.entry', false) RETURNING id"
    )
    assert not refused(database, filled.cellule["a"], entry)
