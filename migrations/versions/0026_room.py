"""0026_room: nothing yet."""

revision = "0026_room"
down_revision = "0025_presence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
