"""0014_federation: accounts linked to an identity provider by (issuer, subject).

An answer of a provider is used once, whatever the process that reads it; what it said of a sign-in goes
with the sign-in.
"""

import sqlalchemy as sa
from alembic import op
from walls import grant, key

revision = "0014_federation"
down_revision = "0013_own_account"
branch_labels = None
depends_on = None

_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _reference(table: str, column: str, other: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **options)


def upgrade() -> None:
    op.create_table(
        "linked_identity",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("shown_as", sa.String(length=200), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        _reference("linked_identity", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_linked_identity_public_id")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_linked_identity_user_id"), "linked_identity", ["user_id"])
    op.create_table(
        "provider_return",
        sa.Column("id", key(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_session_id", key(), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("shown_as", sa.String(length=200), nullable=True),
        _reference("provider_return", "user_session_id", "user_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_return")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_provider_return_state_hash")),
    )
    op.create_table(
        "provider_sign_in",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("user_session_id", key(), nullable=False),
        sa.Column("identity_id", key(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("acr", sa.String(length=200), nullable=False),
        sa.Column("amr", sa.String(length=200), nullable=False),
        sa.Column("siret", sa.String(length=20), nullable=False),
        sa.Column("idp_id", sa.String(length=80), nullable=False),
        sa.Column("id_token", sa.LargeBinary(), nullable=False),
        _reference("provider_sign_in", "user_id", "user_account"),
        _reference("provider_sign_in", "user_session_id", "user_session", ondelete="CASCADE"),
        _reference("provider_sign_in", "identity_id", "linked_identity", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_sign_in")),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_sign_in_public_id")),
        sa.UniqueConstraint("user_session_id", name=op.f("uq_provider_sign_in_user_session_id")),
    )
    op.create_index(op.f("ix_provider_sign_in_user_id"), "provider_sign_in", ["user_id"])
    op.create_index(op.f("ix_provider_sign_in_identity_id"), "provider_sign_in", ["identity_id"])
    for table in ("linked_identity", "provider_return", "provider_sign_in"):
        grant(table, _RIGHTS)


def downgrade() -> None:
    for table in ("provider_sign_in", "provider_return", "linked_identity"):
        op.drop_table(table)
