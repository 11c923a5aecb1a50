"""0031_governance: who decided the rules of a cellule, when and why; the application may record and take back some."""

import sqlalchemy as sa
from alembic import op
from walls import grant, key

revision = "0031_governance"
down_revision = "0030_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("governance_rules") as table:
        table.add_column(sa.Column("reason", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("decided_by_id", key(), nullable=True))
        table.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(
            "fk_governance_rules_decided_by_id_user_account", "user_account", ["decided_by_id"], ["id"]
        )
    grant("governance_rules", ("INSERT", "DELETE"))


def downgrade() -> None:
    with op.batch_alter_table("governance_rules") as table:
        table.drop_constraint("fk_governance_rules_decided_by_id_user_account", type_="foreignkey")
        table.drop_column("decided_at")
        table.drop_column("decided_by_id")
        table.drop_column("reason")
