"""0012_passkeys: passkeys, and recovery by two persons."""

revision = "0012_passkeys"
down_revision = "0011_totp"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
