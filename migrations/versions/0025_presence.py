"""0025_presence: nothing yet."""

revision = "0025_presence"
down_revision = "0024_convocations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
