"""0031_seals: nothing yet."""

revision = "0031_seals"
down_revision = "0030_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
