"""0027_ballot_modes: nothing yet."""

revision = "0027_ballot_modes"
down_revision = "0026_room"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
