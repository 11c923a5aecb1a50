"""0029_minutes_sent: nothing yet."""

revision = "0029_minutes_sent"
down_revision = "0028_consultations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
