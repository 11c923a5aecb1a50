"""0032_conditions: nothing yet."""

revision = "0032_conditions"
down_revision = "0031_seals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
