"""0011_totp: one-time codes: a sealed secret per application, and the last step accepted of each.

A factor that is removed leaves no row: its secret must not stay, and the journal keeps that it was.
"""

import sqlalchemy as sa
from alembic import op
from walls import grant, key

revision = "0011_totp"
down_revision = "0010_sign_in_stages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "totp_factor",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", key(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_totp_factor_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_factor")),
        sa.UniqueConstraint("public_id", name=op.f("uq_totp_factor_public_id")),
    )
    op.create_index(op.f("ix_totp_factor_user_id"), "totp_factor", ["user_id"])
    grant("totp_factor", ("SELECT", "INSERT", "UPDATE", "DELETE"))


def downgrade() -> None:
    op.drop_index(op.f("ix_totp_factor_user_id"), table_name="totp_factor")
    op.drop_table("totp_factor")
