"""0034_corrections: nothing yet."""

revision = "0034_corrections"
down_revision = "0033_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
