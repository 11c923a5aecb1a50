"""0013_own_account: passwords renewed by mail, confidentiality undertakings accepted.

`undertaking_acceptance` says who accepted which version and when; it can only be added to.

`password_reset` holds each link asked for, whether the address has an account or not: the same row, so
that nobody learns which. The token is nowhere: the row has its hash, and the key that draws it again
when the mail leaves is not in the database.

`link_mail` is the outbox of mails whose link opens a door: it names what the link opens, never the
token or the address. It belongs to no cellule and holds no insured person.
"""

import sqlalchemy as sa
from alembic import op
from walls import grant, keep_rows, key

revision = "0013_own_account"
down_revision = "0012_passkeys"
branch_labels = None
depends_on = None

_HOUSEKEEPING = ("SELECT", "INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "undertaking_acceptance",
        sa.Column("id", key(), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("undertaking", sa.String(length=20), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_undertaking_acceptance_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking_acceptance")),
        sa.UniqueConstraint("user_id", "undertaking", name=op.f("uq_undertaking_acceptance_user_id_undertaking")),
    )
    grant("undertaking_acceptance", ("SELECT", "INSERT"))
    keep_rows("undertaking_acceptance")
    _create_resets()
    _create_link_mails()
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])


def _create_resets() -> None:
    op.create_table(
        "password_reset",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", key(), nullable=True),
        sa.Column("account_key", sa.String(length=64), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_password_reset_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("public_id", name=op.f("uq_password_reset_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    op.create_index("ix_password_reset_account_key", "password_reset", ["account_key"])
    op.create_index("ix_password_reset_source_key", "password_reset", ["source_key"])
    grant("password_reset", _HOUSEKEEPING)


def _create_link_mails() -> None:
    op.create_table(
        "link_mail",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_mail")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_mail_public_id")),
    )
    op.create_index("ix_link_mail_due", "link_mail", ["state", "next_try_at", "id"])
    grant("link_mail", _HOUSEKEEPING)


def downgrade() -> None:
    op.drop_index("ix_sign_in_attempt_at", "sign_in_attempt")
    op.drop_table("link_mail")
    op.drop_table("password_reset")
    op.drop_table("undertaking_acceptance")
