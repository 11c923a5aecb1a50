"""0032_conditions: nothing yet."""

revision = "0032_conditions"
down_revision = "0031_governance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
