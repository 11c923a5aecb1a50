"""0014_federation: accounts linked to an identity provider by (issuer, subject)."""

revision = "0014_federation"
down_revision = "0013_own_account"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
