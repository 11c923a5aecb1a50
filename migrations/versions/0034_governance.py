"""0034_governance: nothing yet."""

revision = "0034_governance"
down_revision = "0033_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
