"""0007_advice: nothing yet."""

revision = "0007_advice"
down_revision = "0006_compartments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
