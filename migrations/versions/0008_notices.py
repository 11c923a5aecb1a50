"""0008_notices: what awaits a person (`notice`), and the mails that say so (`outbox_mail`).

Neither table holds a text: a kind, a path of the site, and ids. At most one unread notice and one
waiting mail of the same kind and path per person: the partial unique indexes keep a burst of acts
from becoming a burst of mails.

`case_export` says who took a list of cases out, and why; it can only be added to.

`meeting.reschedulings` numbers the successive calendar files of a séance. Its version cannot: that one
moves with the agenda, and would tell a partner of items that it may not see.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_notices"
down_revision = "0007_advice"
branch_labels = None
depends_on = None


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _columns(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", _key(), nullable=False),
        sa.Column("user_id", _key(), nullable=False),
        sa.Column("case_id", _key(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cellule_id"], ["cellule.id"], name=op.f(f"fk_{table}_cellule_id_cellule")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["cellule_id", "case_id"],
            ["case_file.cellule_id", "case_file.id"],
            name=op.f(f"fk_{table}_cellule_id_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def upgrade() -> None:
    op.create_table("notice", *_columns("notice"), sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_notice_inbox", "notice", ["cellule_id", "user_id", "id"])
    _create_partial_unique("uq_notice_unread", "notice", ["cellule_id", "user_id", "kind", "link"], "seen_at IS NULL")
    op.create_table(
        "outbox_mail",
        *_columns("outbox_mail"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("dedupe_key", sa.String(length=64), nullable=False),
    )
    op.create_index("ix_outbox_mail_due", "outbox_mail", ["cellule_id", "state", "next_try_at", "id"])
    _create_partial_unique("uq_outbox_mail_waiting", "outbox_mail", ["dedupe_key"], "state = 'queued'")
    _create_exports()
    op.add_column("meeting", sa.Column("reschedulings", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("meeting", "reschedulings")
    _drop_exports()
    op.drop_table("outbox_mail")
    op.drop_table("notice")


def _create_partial_unique(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _create_exports() -> None:
    op.create_table(
        "case_export",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", _key(), nullable=False),
        sa.Column("user_id", _key(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_format", sa.String(length=40), nullable=False),
        sa.Column("with_names", sa.Boolean(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cellule_id"], ["cellule.id"], name=op.f("fk_case_export_cellule_id_cellule")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_export_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_export")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_export_public_id")),
    )
    op.create_index("ix_case_export_list", "case_export", ["cellule_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_export_no_{verb.lower()} BEFORE {verb} ON case_export "
                "BEGIN SELECT RAISE(ABORT, 'case_export is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER case_export_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_export "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _drop_exports() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER case_export_no_{verb}")
    else:
        op.execute("DROP TRIGGER case_export_append_only ON case_export")
    op.drop_table("case_export")
