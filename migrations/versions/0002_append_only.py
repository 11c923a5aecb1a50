"""0002_append_only: votes, opinions, decisions, snapshots and the journal can only be added to.

The triggers hold against the application itself. PostgreSQL also refuses TRUNCATE.
"""

from alembic import op

revision = "0002_append_only"
down_revision = "0001_foundation"
branch_labels = None
depends_on = None

TABLES = (
    "audit_entry",
    "ballot_voter",
    "case_note",
    "cellule_opinion",
    "eligibility_snapshot",
    "fund_decision",
    "human_answer",
    "minutes",
    "minutes_file",
    "minutes_version",
    "request_outcome",
    "vote",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        op.execute(
            "CREATE TRIGGER vote_only_while_open BEFORE INSERT ON vote "
            "WHEN (SELECT status FROM ballot WHERE id = NEW.ballot_id) <> 'OPEN' "
            "BEGIN SELECT RAISE(ABORT, 'the ballot is closed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION refuse_late_vote() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF (SELECT status FROM ballot WHERE id = NEW.ballot_id FOR SHARE) <> 'OPEN' THEN "
        "RAISE EXCEPTION 'the ballot is closed'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER vote_only_while_open BEFORE INSERT ON vote FOR EACH ROW EXECUTE FUNCTION refuse_late_vote()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        op.execute("DROP TRIGGER vote_only_while_open")
        return
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP TRIGGER vote_only_while_open ON vote")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION refuse_late_vote()")
