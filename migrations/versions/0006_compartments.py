"""0006_compartments: restricted cases, emergency access, the proof of the keys.

A note stays append-only, with one exception: its ciphertext may be written again under a newer key.
On PostgreSQL only the owner of the table may do so, never the role of the application.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_compartments"
down_revision = "0005_documents"
branch_labels = None
depends_on = None

REASONS = ("COLLEAGUE", "RELATIVE", "KNOWN_PERSON", "OTHER")
RENEWED = (
    "NEW.{cipher} IS NOT NULL AND substr(NEW.{cipher}, 1, 2) > substr(OLD.{cipher}, 1, 2) "
    "AND NEW.id = OLD.id AND NEW.public_id = OLD.public_id AND NEW.cellule_id = OLD.cellule_id "
    "AND NEW.case_id = OLD.case_id AND NEW.label = OLD.label AND NEW.author_id = OLD.author_id "
    "AND NEW.written_at = OLD.written_at"
).format(cipher="text")


def _key(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def upgrade() -> None:
    op.add_column("case_file", sa.Column("restricted_on", sa.Date(), nullable=True))
    op.add_column(
        "case_file",
        sa.Column(
            "restricted_reason",
            sa.Enum(*REASONS, name="restrictionreason", native_enum=False, length=40),
            nullable=True,
        ),
    )
    op.add_column(
        "organisation", sa.Column("sensitive", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    for name in ("emergency_access_id", "emergency_cellule_id", "emergency_case_id"):
        op.add_column("user_session", _key(name))
    op.add_column("user_session", sa.Column("emergency_reference", sa.String(length=20), nullable=True))
    op.add_column("user_session", sa.Column("emergency_until", sa.DateTime(timezone=True), nullable=True))
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgresql_triggers()


def _tables() -> None:
    op.create_table(
        "case_reader",
        _key("id", nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        _key("cellule_id", nullable=False),
        _key("case_id", nullable=False),
        _key("user_id"),
        _key("organisation_id"),
        _key("named_by_id", nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        _key("ended_by_id"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cellule_id", "case_id"],
            ["case_file.cellule_id", "case_file.id"],
            name=op.f("fk_case_reader_cellule_id_case_id_case_file"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_reader_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_reader_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["user_account.id"], name=op.f("fk_case_reader_named_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_case_reader_ended_by_id_user_account")
        ),
        sa.CheckConstraint("(user_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_case_reader_one_reader")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reader")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_reader_public_id")),
    )
    op.create_index("ix_case_reader_case", "case_reader", ["cellule_id", "case_id"])
    op.create_table(
        "emergency_access",
        _key("id", nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        _key("cellule_id", nullable=False),
        _key("case_id", nullable=False),
        _key("user_id", nullable=False),
        _key("organisation_id", nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        _key("reviewed_by_id"),
        sa.Column("review_comment", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cellule_id", "case_id"],
            ["case_file.cellule_id", "case_file.id"],
            name=op.f("fk_emergency_access_cellule_id_case_id_case_file"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_emergency_access_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_emergency_access_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user_account.id"], name=op.f("fk_emergency_access_reviewed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        sa.UniqueConstraint("public_id", name=op.f("uq_emergency_access_public_id")),
    )
    op.create_index("ix_emergency_access_list", "emergency_access", ["cellule_id", "id"])
    op.create_table(
        "key_check",
        _key("id", nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("keys_index", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_check")),
        sa.UniqueConstraint("key_id", name=op.f("uq_key_check_key_id")),
    )


def _sqlite_triggers() -> None:
    op.execute("DROP TRIGGER case_note_no_update")
    op.execute(
        f"CREATE TRIGGER case_note_no_update BEFORE UPDATE ON case_note WHEN NOT ({RENEWED}) "
        "BEGIN SELECT RAISE(ABORT, 'case_note is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER emergency_access_no_delete BEFORE DELETE ON emergency_access "
        "BEGIN SELECT RAISE(ABORT, 'emergency_access is append-only'); END"
    )


def _postgresql_triggers() -> None:
    op.execute("DROP TRIGGER case_note_append_only ON case_note")
    op.execute(
        "CREATE TRIGGER case_note_append_only BEFORE DELETE OR TRUNCATE ON case_note "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_change_of_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT ({RENEWED}) OR NOT pg_has_role(current_user, "
        "(SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') "
        "THEN RAISE EXCEPTION 'case_note is append-only'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_note_only_renewed BEFORE UPDATE ON case_note "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_note()"
    )
    op.execute(
        "CREATE TRIGGER emergency_access_kept BEFORE DELETE OR TRUNCATE ON emergency_access "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER emergency_access_no_delete")
        op.execute("DROP TRIGGER case_note_no_update")
        op.execute(
            "CREATE TRIGGER case_note_no_update BEFORE UPDATE ON case_note "
            "BEGIN SELECT RAISE(ABORT, 'case_note is append-only'); END"
        )
    else:
        op.execute("DROP TRIGGER emergency_access_kept ON emergency_access")
        op.execute("DROP TRIGGER case_note_only_renewed ON case_note")
        op.execute("DROP FUNCTION refuse_change_of_note()")
        op.execute("DROP TRIGGER case_note_append_only ON case_note")
        op.execute(
            "CREATE TRIGGER case_note_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_note "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.drop_table("key_check")
    op.drop_table("emergency_access")
    op.drop_table("case_reader")
    for name in ("until", "reference", "case_id", "cellule_id", "access_id"):
        op.drop_column("user_session", f"emergency_{name}")
    op.drop_column("organisation", "sensitive")
    op.drop_column("case_file", "restricted_reason")
    op.drop_column("case_file", "restricted_on")
