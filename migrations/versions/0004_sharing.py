"""0004_sharing: nothing yet."""

revision = "0004_sharing"
down_revision = "0003_sealed_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
