"""0024_convocations: nothing yet."""

revision = "0024_convocations"
down_revision = "0023_agenda"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
