"""0006_compartments: nothing yet."""

revision = "0006_compartments"
down_revision = "0005_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
