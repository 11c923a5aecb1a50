"""0003_sealed_journal: the journal becomes a chain of sealed entries, in segments of a cellule and a month.

Rows of before are numbered in a segment of their own that is marked as not sealed: the first sealed entry
of the cellule says how many they are. The triggers of 0002 on the journal are replaced: an entry is still
never changed, and is deleted only with its whole segment, once the segment carries a certificate. A segment
only moves forward, and takes a certificate only when the database's own clock says that its month ended
twelve months ago.

`access_alert` keeps what was noticed of accesses: many cases in a day, refusals, and suspensions.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_sealed_journal"
down_revision = "0002_append_only"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)

_SAME = " AND ".join(
    f"NEW.{name} = OLD.{name}" for name in ("id", "cellule_key", "month", "sealed", "key_id", "opened_at")
)
_FORWARD = (
    f"{_SAME} AND OLD.destroyed_at IS NULL AND ((NEW.destroyed_at IS NULL AND NEW.certificate IS NULL "
    "AND NEW.last_sequence >= OLD.last_sequence) OR (NEW.destroyed_at IS NOT NULL AND NEW.certificate IS NOT NULL "
    "AND NEW.last_sequence = OLD.last_sequence AND NEW.last_seal = OLD.last_seal AND OLD.month < {limit}))"
)
_DESTROYED = "EXISTS (SELECT 1 FROM audit_segment s WHERE s.id = OLD.segment_id AND s.destroyed_at IS NOT NULL)"
_SQLITE_LIMIT = "strftime('%Y-%m', 'now', '-12 months')"
_POSTGRES_LIMIT = "to_char((now() AT TIME ZONE 'Europe/Paris') - interval '12 months', 'YYYY-MM')"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    _drop_plain_triggers(sqlite)
    op.create_table(
        "audit_segment",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("cellule_key", _BIG, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("key_id", _BIG, nullable=False),
        sa.Column("last_sequence", _BIG, nullable=False),
        sa.Column("last_seal", sa.String(length=64), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("anchored_sequence", _BIG, nullable=True),
        sa.Column("anchored_at", _INSTANT, nullable=True),
        sa.Column("destroyed_at", _INSTANT, nullable=True),
        sa.Column("certificate", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_segment")),
        sa.UniqueConstraint("cellule_key", "month", "sealed", name=op.f("uq_audit_segment_cellule_key_month_sealed")),
    )
    op.add_column("audit_entry", sa.Column("segment_id", _BIG, nullable=True))
    op.add_column("audit_entry", sa.Column("sequence", _BIG, nullable=True))
    op.add_column("audit_entry", sa.Column("seal", sa.String(length=64), nullable=True))
    _number_older_rows(sqlite)
    op.create_index("uq_audit_entry_segment_id_sequence", "audit_entry", ["segment_id", "sequence"], unique=True)
    op.drop_index("ix_audit_entry_user", "audit_entry")
    op.create_index("ix_audit_entry_user", "audit_entry", ["user_id", "at", "case_id"])
    (_guard_sqlite if sqlite else _guard_postgres)()
    _create_alerts()


def _create_alerts() -> None:
    op.create_table(
        "access_alert",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", _BIG, nullable=False),
        sa.Column("user_id", _BIG, nullable=False),
        sa.Column("organisation_id", _BIG, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("raised_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=True),
        sa.Column("lifted_at", _INSTANT, nullable=True),
        sa.Column("lifted_by_id", _BIG, nullable=True),
        sa.Column("lift_reason", sa.String(length=1000), nullable=False),
        sa.Column("looked_at", _INSTANT, nullable=True),
        sa.Column("looked_by_id", _BIG, nullable=True),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_access_alert_{column}_{table}"))
            for column, table in (
                ("cellule_id", "cellule"),
                ("user_id", "user_account"),
                ("organisation_id", "organisation"),
                ("lifted_by_id", "user_account"),
                ("looked_by_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_alert")),
        sa.UniqueConstraint("public_id", name=op.f("uq_access_alert_public_id")),
        sa.UniqueConstraint(
            "cellule_id",
            "user_id",
            "day",
            "kind",
            "round",
            name=op.f("uq_access_alert_cellule_id_user_id_day_kind_round"),
        ),
    )
    op.create_index("ix_access_alert_list", "access_alert", ["cellule_id", "raised_at"])


def _number_older_rows(sqlite: bool) -> None:
    month = "strftime('%Y-%m', 'now')" if sqlite else "to_char(now() AT TIME ZONE 'Europe/Paris', 'YYYY-MM')"
    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')" if sqlite else "now()"
    op.execute(
        "INSERT INTO audit_segment (cellule_key, month, sealed, key_id, last_sequence, last_seal, opened_at) "
        f"SELECT coalesce(cellule_id, 0), {month}, false, 0, count(*), '', {now} FROM audit_entry "
        "GROUP BY coalesce(cellule_id, 0)"
    )
    op.execute(
        "UPDATE audit_entry SET segment_id = numbered.segment_id, sequence = numbered.number FROM ("
        "SELECT e.id AS entry_id, s.id AS segment_id, row_number() OVER (PARTITION BY s.id ORDER BY e.id) AS number "
        "FROM audit_entry e JOIN audit_segment s ON s.cellule_key = coalesce(e.cellule_id, 0)) AS numbered "
        "WHERE audit_entry.id = numbered.entry_id"
    )


def _guard_sqlite() -> None:
    refusals = (
        ("audit_entry_no_update", "UPDATE ON audit_entry", "", "audit_entry is append-only"),
        ("audit_entry_no_delete", "DELETE ON audit_entry", f"NOT {_DESTROYED}", "audit_entry is append-only"),
        ("audit_segment_no_delete", "DELETE ON audit_segment", "", "audit_segment is append-only"),
        (
            "audit_segment_begins_open",
            "INSERT ON audit_segment",
            "NEW.destroyed_at IS NOT NULL OR NEW.certificate IS NOT NULL",
            "audit_segment begins open",
        ),
        (
            "audit_segment_forward",
            "UPDATE ON audit_segment",
            f"NOT ({_FORWARD.format(limit=_SQLITE_LIMIT)})",
            "audit_segment only moves forward",
        ),
    )
    for name, event, condition, message in refusals:
        when = f"WHEN {condition} " if condition else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _guard_postgres() -> None:
    op.execute(
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_lone_deletion() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT {_DESTROYED} THEN RAISE EXCEPTION 'audit_entry is append-only'; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_deleted_whole BEFORE DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_lone_deletion()"
    )
    op.execute(
        "CREATE TRIGGER audit_segment_append_only BEFORE DELETE OR TRUNCATE ON audit_segment "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_backward_segment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'INSERT' THEN IF NEW.destroyed_at IS NOT NULL OR NEW.certificate IS NOT NULL THEN "
        "RAISE EXCEPTION 'audit_segment begins open'; END IF; "
        f"ELSIF NOT ({_FORWARD.format(limit=_POSTGRES_LIMIT)}) THEN "
        "RAISE EXCEPTION 'audit_segment only moves forward'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_segment_forward BEFORE INSERT OR UPDATE ON audit_segment "
        "FOR EACH ROW EXECUTE FUNCTION refuse_backward_segment()"
    )
    # The application's role may not delete an entry: this function does, for a destroyed segment only.
    op.execute(
        "CREATE FUNCTION destroy_journal_segment(wanted bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path FROM CURRENT AS $$ DECLARE gone bigint; BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM audit_segment WHERE id = wanted AND destroyed_at IS NOT NULL) THEN "
        "RAISE EXCEPTION 'the segment has no certificate'; END IF; "
        "DELETE FROM audit_entry WHERE segment_id = wanted; GET DIAGNOSTICS gone = ROW_COUNT; RETURN gone; END $$"
    )


def _drop_plain_triggers(sqlite: bool) -> None:
    if sqlite:
        op.execute("DROP TRIGGER audit_entry_no_update")
        op.execute("DROP TRIGGER audit_entry_no_delete")
    else:
        op.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table("access_alert")
    _drop_plain_triggers(sqlite)
    if not sqlite:
        op.execute("DROP FUNCTION destroy_journal_segment(bigint)")
        op.execute("DROP TRIGGER audit_entry_deleted_whole ON audit_entry")
        op.execute("DROP FUNCTION refuse_lone_deletion()")
    op.drop_table("audit_segment")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_backward_segment()")
    op.drop_index("uq_audit_entry_segment_id_sequence", "audit_entry")
    op.drop_index("ix_audit_entry_user", "audit_entry")
    for name in ("seal", "sequence", "segment_id"):
        op.drop_column("audit_entry", name)
    op.create_index("ix_audit_entry_user", "audit_entry", ["user_id", "id"])
    _restore_plain_triggers(sqlite)


def _restore_plain_triggers(sqlite: bool) -> None:
    if sqlite:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
