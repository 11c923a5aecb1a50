"""0013_own_account: passwords renewed by mail, confidentiality undertakings accepted."""

revision = "0013_own_account"
down_revision = "0012_passkeys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
