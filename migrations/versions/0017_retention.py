"""0017_retention: retention: clocks, holds, two-phase deletion, the journal of erasures."""

revision = "0017_retention"
down_revision = "0016_notices_given"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
