"""0033_texts: nothing yet."""

revision = "0033_texts"
down_revision = "0032_conditions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
