"""0005_documents: nothing yet."""

revision = "0005_documents"
down_revision = "0004_sharing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
