"""0009_row_security: nothing yet."""

revision = "0009_row_security"
down_revision = "0008_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
