"""0019_access_review: accounts warned and disabled, reviews of accesses."""

revision = "0019_access_review"
down_revision = "0018_merging"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
