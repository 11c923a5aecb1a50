"""0028_consultations: nothing yet."""

revision = "0028_consultations"
down_revision = "0027_ballot_modes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
