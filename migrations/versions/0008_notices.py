"""0008_notices: nothing yet."""

revision = "0008_notices"
down_revision = "0007_advice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
