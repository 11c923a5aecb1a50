"""0023_agenda: nothing yet."""

revision = "0023_agenda"
down_revision = "0022_parts_of_copies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
