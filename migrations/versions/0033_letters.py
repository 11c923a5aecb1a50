"""0033_letters: nothing yet."""

revision = "0033_letters"
down_revision = "0032_conditions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
