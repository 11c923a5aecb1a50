"""0030_jobs: nothing yet."""

revision = "0030_jobs"
down_revision = "0029_minutes_sent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
