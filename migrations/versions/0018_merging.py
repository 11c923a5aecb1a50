"""0018_merging: merging of persons recorded twice, and its undoing."""

revision = "0018_merging"
down_revision = "0017_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
