"""0008_notices: what awaits a person (`notice`), and the mails that say so (`outbox_mail`).

Neither table holds a text: a kind, a path of the site, and ids. At most one unread notice and one
waiting mail of the same kind and path per person: the partial unique indexes keep a burst of acts
from becoming a burst of mails.

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
    op.add_column("meeting", sa.Column("reschedulings", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("meeting", "reschedulings")
    op.drop_table("outbox_mail")
    op.drop_table("notice")


def _create_partial_unique(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
