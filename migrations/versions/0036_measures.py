"""0036_measures: nothing yet."""

revision = "0036_measures"
down_revision = "0035_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
