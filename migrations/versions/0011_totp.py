"""0011_totp: one-time codes: a secret per person, and the last step accepted."""

revision = "0011_totp"
down_revision = "0010_sign_in_stages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
