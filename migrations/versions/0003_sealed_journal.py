"""0003_sealed_journal: nothing yet."""

revision = "0003_sealed_journal"
down_revision = "0002_append_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
