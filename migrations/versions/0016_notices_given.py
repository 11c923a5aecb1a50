"""0016_notices_given: information notices given, rectification notes, sharing frozen."""

revision = "0016_notices_given"
down_revision = "0015_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
