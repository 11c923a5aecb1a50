"""0035_rules: nothing yet."""

revision = "0035_rules"
down_revision = "0034_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
