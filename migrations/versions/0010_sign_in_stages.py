"""0010_sign_in_stages: what a sign-in has proved so far; each one may be listed and ended by its holder.

The sign-ins under way end with the upgrade: none of them proved two factors.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_sign_in_stages"
down_revision = "0009_row_security"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM user_session")
    with op.batch_alter_table("user_session", recreate="auto") as batch:
        batch.add_column(sa.Column("public_id", sa.String(length=32), nullable=False))
        batch.add_column(sa.Column("stage", sa.String(length=40), nullable=False))
        batch.add_column(sa.Column("proofs", sa.String(length=80), nullable=False))
        batch.add_column(sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("device", sa.String(length=80), nullable=False))
        batch.create_unique_constraint(op.f("uq_user_session_public_id"), ["public_id"])


def downgrade() -> None:
    with op.batch_alter_table("user_session", recreate="auto") as batch:
        batch.drop_constraint(op.f("uq_user_session_public_id"), type_="unique")
        for column in ("device", "proven_at", "proofs", "stage", "public_id"):
            batch.drop_column(column)
