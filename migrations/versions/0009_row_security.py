"""0009_row_security: what the application may do, and which rows it may see, decided by PostgreSQL.

A second wall behind the policy of the code, told in docs/adr/0006-row-level-security.md. Each
transaction says for whom it runs (`pdp.cellule`, `pdp.organisation`, `pdp.role`, `pdp.day`, all
transaction-local); without these words every case-bound table is empty and takes no row.

SQLite has neither roles nor row security: nothing is done there.
"""

import os
import re

import sqlalchemy as sa
from alembic import op

revision = "0009_row_security"
down_revision = "0008_notices"
branch_labels = None
depends_on = None

PARTNERS = "'spst', 'cap_emploi', 'comete', 'mdph', 'oeth'"
# The words of the transaction; each is read once per statement, as an uncorrelated subquery.
CELLULE = "nullif(current_setting('pdp.cellule', true), '')::bigint"
ORGANISATION = "nullif(current_setting('pdp.organisation', true), '')::bigint"
PERSON = "nullif(current_setting('pdp.person', true), '')::bigint"
TODAY = "nullif(current_setting('pdp.day', true), '')::date"
ROLE = "coalesce(current_setting('pdp.role', true), '')"
HERE = f"cellule_id = (SELECT {CELLULE})"
# A role that was not said is treated as a partner of no organisation: it sees nothing.
NOT_A_PARTNER = f"(SELECT {ROLE} NOT IN ('', {PARTNERS}))"

# Partner wall: what a row hangs on, and what of it is shared with the organisation today. Behind FROM the
# list is made at once and hashed; in the SELECT it would be drawn row by row, ten times slower.
CASES, PEOPLE, REQUESTS = "pdp_shared_cases", "pdp_shared_people", "pdp_shared_requests"
BY_CASE = (
    "activity",
    "stoppage",
    "encounter",
    "case_note",
    "case_reader",
    "emergency_access",
    "document",
    "document_body",
    "dispositif_request",
    "action",
    "advice_round",
    "advice_piece",
    "advice_ask",
    "advice_reply",
)
BY_REQUEST = ("required_piece", "eligibility_snapshot", "human_answer", "request_outcome", "fund_decision")
BY_ORGANISATION = ("sharing_agreement", "departure", "recall")
WALLED = (
    {"case_file": f"id IN (SELECT s FROM {CASES}() s)", "insured_person": f"id IN (SELECT s FROM {PEOPLE}() s)"}
    | dict.fromkeys(BY_CASE, f"case_id IN (SELECT s FROM {CASES}() s)")
    | dict.fromkeys(BY_REQUEST, f"request_id IN (SELECT s FROM {REQUESTS}() s)")
    | dict.fromkeys(BY_ORGANISATION, f"organisation_id = (SELECT {ORGANISATION})")
)
# The séance, its papers and the notices: the cellule only. The cases they speak of are decided above.
CELLULE_ONLY = (
    "meeting",
    "attendance",
    "agenda_item",
    "agenda_trace",
    "ballot",
    "ballot_voter",
    "vote",
    "cellule_opinion",
    "minutes",
    "minutes_version",
    "minutes_file",
    "notice",
    "outbox_mail",
    "case_export",
    "access_alert",
)
JOURNAL = "audit_entry"
# Read before it is known for whom: who people are, where they sit, their sign-ins, seals and proofs of keys.
# No insured person there.
OPEN = (
    "audit_segment",
    "invitation",
    "key_check",
    "membership",
    "seat_holder",
    "user_account",
    "user_session",
    "sign_in_attempt",
)

# Facts: added, never changed. Triggers refuse as well; here the right itself is missing.
APPEND_ONLY = (
    "advice_piece",
    "advice_reply",
    "agenda_trace",
    "audit_entry",
    "ballot_voter",
    "case_export",
    "case_note",
    "cellule_opinion",
    "departure",
    "eligibility_snapshot",
    "fund_decision",
    "human_answer",
    "key_check",
    "minutes",
    "minutes_file",
    "minutes_version",
    "request_outcome",
    "vote",
)
# Set up by the owner, only read by the application.
READ_ONLY = ("alembic_version", "cellule_organisation", "governance_rules", "organisation", "seat")
# Rows that the product takes away: a draft's items, facts entered by mistake, old sign-ins, read notices.
DELETED = (
    "activity",
    "stoppage",
    "encounter",
    "agenda_item",
    "notice",
    "outbox_mail",
    "user_session",
    "sign_in_attempt",
)

COMPARTMENTS = {"medical": ("service_medical",), "social": ("service_social", "manager")}

SHARED = {
    CASES: ("c.id", ""),
    PEOPLE: ("c.person_id", ""),
    REQUESTS: ("r.id", "JOIN dispositif_request r ON r.cellule_id = c.cellule_id AND r.case_id = c.id"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    app = _app_role()
    _ensure_role(app)
    _grant(app)
    _create_functions(app)
    _look_for_tables_in_one_place()
    for table in (*WALLED, *CELLULE_ONLY):
        _protect(table)
    for table, shared in WALLED.items():
        op.execute(
            f"CREATE POLICY partner_wall ON {table} AS RESTRICTIVE TO {app} USING ({NOT_A_PARTNER} OR {shared})"
        )
    # The antivirus and the rotation of keys run without a person: they pass over every piece, and read no note.
    # Who proposed a piece follows it to its end, under whatever label it was filed: the code gives no file of it.
    followed = f" OR added_by_id = (SELECT {PERSON})"
    for table, jobs, own in (("case_note", (), ""), ("document", ("upkeep",), followed)):
        words = _compartments(jobs)
        op.execute(
            f"CREATE POLICY compartment ON {table} AS RESTRICTIVE TO {app} USING ({words}{own}) WITH CHECK ({words})"
        )
    _protect_journal()


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    app = _app_role()
    for table, policy in op.get_bind().execute(
        sa.text("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()")
    ):
        op.execute(f"DROP POLICY {policy} ON {table}")
    tables = op.get_bind().scalars(
        sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace")
    )
    for table in tables.all():
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for function in SHARED:
        op.execute(f"DROP FUNCTION {function}()")
    _let_the_destruction_reach_every_cellule("")
    op.execute(f"REVOKE ALL ON FUNCTION destroy_journal_segment(bigint) FROM {app}")
    op.execute("GRANT EXECUTE ON FUNCTION destroy_journal_segment(bigint) TO PUBLIC")
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {_schema()} FROM {app}")
    op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {_schema()} FROM {app}")
    op.execute(f"REVOKE USAGE ON SCHEMA {_schema()} FROM {app}")


def _app_role() -> str:
    name = os.environ.get("PDP_APP_ROLE", "pdp_app")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError(f"PDP_APP_ROLE: {name!r} is no plain name of a role")
    return name


def _schema() -> str:
    return op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))


def _ensure_role(app: str) -> None:
    """Create the role that carries the rights; it cannot sign in, the installation's login is made a member of it."""
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": app}):
        return
    may = bind.scalar(sa.text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"))
    if not may:
        raise RuntimeError(f"this login may not create roles; have an administrator run: CREATE ROLE {app} NOLOGIN")
    # Another database of the same server may be upgraded at this very moment.
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {app} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )


def _grant(app: str) -> None:
    schema = _schema()
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC")
    op.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC")
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {app}")
    op.execute(f"GRANT SELECT ON {', '.join(READ_ONLY)} TO {app}")
    # A right to write one column lets a transaction lock the row: references are numbered under that lock.
    op.execute(f"GRANT SELECT, UPDATE (name) ON cellule TO {app}")
    for table in (*WALLED, *CELLULE_ONLY, JOURNAL, *OPEN):
        rights = ["SELECT", "INSERT"]
        if table not in APPEND_ONLY:
            rights.append("UPDATE")
        if table in DELETED:
            rights.append("DELETE")
        op.execute(f"GRANT {', '.join(rights)} ON {table} TO {app}")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {app}")


def _create_functions(app: str) -> None:
    """Create what lists the shares of today; they run as the owner, whom no partner wall stops."""
    organisation, cellule, today = (f"(SELECT {word})" for word in (ORGANISATION, CELLULE, TODAY))
    named = (
        "EXISTS (SELECT 1 FROM case_reader n WHERE n.cellule_id = c.cellule_id AND n.case_id = c.id "
        f"AND n.organisation_id = {organisation} AND n.ended_at IS NULL)"
    )
    for name, (column, join) in SHARED.items():
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 "
            f"SET search_path = {_schema()}, pg_temp AS $$ "
            f"SELECT {column} FROM sharing_agreement a "
            f"JOIN case_file c ON c.cellule_id = a.cellule_id AND c.id = a.case_id {join} "
            f"WHERE a.organisation_id = {organisation} AND a.cellule_id = {cellule} AND a.labels <> '' "
            f"AND a.starts_on <= {today} AND (a.ends_on IS NULL OR a.ends_on >= {today}) "
            f"AND (a.withdrawn_on IS NULL OR a.withdrawn_on > {today}) "
            f"AND c.stage NOT IN ('closed', 'reoriented') AND (c.restricted_on IS NULL OR {named}) $$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}() TO {app}")
    # The destruction of a whole segment of the journal, the one deletion there: it reaches every cellule.
    op.execute("REVOKE ALL ON FUNCTION destroy_journal_segment(bigint) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION destroy_journal_segment(bigint) TO {app}")
    _let_the_destruction_reach_every_cellule("PERFORM set_config('pdp.upkeep', 'on', true);")


def _let_the_destruction_reach_every_cellule(first: str) -> None:
    """Write the function of 0003 again: an owner who is no superuser is stopped by row security as well."""
    op.execute(
        "CREATE OR REPLACE FUNCTION destroy_journal_segment(wanted bigint) RETURNS bigint LANGUAGE plpgsql "
        "SECURITY DEFINER SET search_path FROM CURRENT AS $$ DECLARE gone bigint; BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM audit_segment WHERE id = wanted AND destroyed_at IS NOT NULL) THEN "
        f"RAISE EXCEPTION 'the segment has no certificate'; END IF; {first} "
        "DELETE FROM audit_entry WHERE segment_id = wanted; GET DIAGNOSTICS gone = ROW_COUNT; RETURN gone; END $$"
    )


def _look_for_tables_in_one_place() -> None:
    """Have each function of ours, triggers included, look for tables in our schema first.

    A temporary table hides a real one from a function that names no path: the application's role could answer
    itself that a segment has its certificate, or that a ballot is open.
    """
    functions = op.get_bind().scalars(
        sa.text(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
            "AND pg_has_role(proowner, 'USAGE') "
            "AND prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql'))"
        )
    )
    for function in functions.all():
        op.execute(f"ALTER FUNCTION {function} SET search_path = {_schema()}, pg_temp")


def _protect(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY cellule ON {table} USING ({HERE}) WITH CHECK ({HERE})")
    _let_the_owner_keep_it_up(table)


def _let_the_owner_keep_it_up(table: str) -> None:
    """A backup or a data migration of an owner who is no superuser says `SET pdp.upkeep = on` first."""
    op.execute(
        f"CREATE POLICY upkeep ON {table} TO CURRENT_USER "
        "USING ((SELECT coalesce(current_setting('pdp.upkeep', true), '') = 'on'))"
    )


def _protect_journal() -> None:
    """Entries of no cellule (a sign-in refused) belong to the installation, and to the DPO's reading."""
    op.execute(f"ALTER TABLE {JOURNAL} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {JOURNAL} FORCE ROW LEVEL SECURITY")
    nowhere = f"cellule_id IS NULL AND (SELECT {CELLULE} = 0 OR {ROLE} = 'dpo')"
    op.execute(f"CREATE POLICY cellule ON {JOURNAL} USING ({HERE} OR {nowhere}) WITH CHECK ({HERE} OR {nowhere})")
    _let_the_owner_keep_it_up(JOURNAL)


def _compartments(jobs: tuple[str, ...]) -> str:
    words = [f"label NOT IN ({', '.join(repr(label) for label in COMPARTMENTS)})"]
    for label, roles in COMPARTMENTS.items():
        words.append(f"label = '{label}' AND (SELECT {ROLE} IN ({', '.join(map(repr, roles + jobs))}))")
    return " OR ".join(words)
