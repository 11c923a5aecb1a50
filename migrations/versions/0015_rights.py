"""0015_rights: the register of the insured's requests, and access packs."""

revision = "0015_rights"
down_revision = "0014_federation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
