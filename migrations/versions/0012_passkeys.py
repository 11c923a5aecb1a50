"""0012_passkeys: passkeys, and recovery by two persons.

`passkey` holds the public half of each key, `passkey_challenge` the hashes of what was asked of a
browser: once, for five minutes, whatever process answers. `factor_recovery` is the request of a
person who lost every factor, `factor_vouching` the word of each of the two who recognised them: the
database itself refuses one's own word, and the same person twice.
"""

import sqlalchemy as sa
from alembic import op
from walls import OWN_ORGANISATION, grant, key, protect

revision = "0012_passkeys"
down_revision = "0011_totp"
branch_labels = None
depends_on = None

_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("handle", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", key(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("transports", sa.String(length=80), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        _foreign("passkey", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passkey_public_id")),
        sa.UniqueConstraint("handle", name=op.f("uq_passkey_handle")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("id", key(), nullable=False),
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("holder_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_passkey_challenge_challenge_hash")),
    )
    op.create_index(op.f("ix_passkey_challenge_expires_at"), "passkey_challenge", ["expires_at"])


def _recoveries() -> None:
    table = "factor_recovery"
    op.create_table(
        table,
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("organisation_id", key(), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("membership_id", key(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=6), nullable=False),
        sa.Column("asked_in_id", key(), nullable=False),
        sa.Column("wrong_numbers", key(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", key(), nullable=True),
        _foreign(table, "cellule_id", "cellule"),
        _foreign(table, "organisation_id", "organisation"),
        _foreign(table, "user_id", "user_account"),
        _foreign(table, "membership_id", "membership"),
        _foreign(table, "ended_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        sa.UniqueConstraint("id", "user_id", name=op.f(f"uq_{table}_id_user_id")),
    )
    op.create_index("ix_factor_recovery_list", table, ["cellule_id", "asked_at"])
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_factor_recovery_live", table, ["user_id"], unique=True, sqlite_where=live, postgresql_where=live
    )


def _vouchings() -> None:
    table = "factor_vouching"
    op.create_table(
        table,
        sa.Column("id", key(), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("organisation_id", key(), nullable=False),
        sa.Column("recovery_id", key(), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("voucher_id", key(), nullable=False),
        sa.Column("voucher_role", sa.String(length=40), nullable=False),
        sa.Column("voucher_organisation_id", key(), nullable=False),
        sa.Column("voucher_manages", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=False),
        _foreign(table, "cellule_id", "cellule"),
        _foreign(table, "organisation_id", "organisation"),
        _foreign(table, "voucher_id", "user_account"),
        _foreign(table, "voucher_organisation_id", "organisation"),
        sa.ForeignKeyConstraint(
            ["recovery_id", "user_id"],
            ["factor_recovery.id", "factor_recovery.user_id"],
            name=op.f(f"fk_{table}_recovery_id_user_id_factor_recovery"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("recovery_id", "voucher_id", name=op.f(f"uq_{table}_recovery_id_voucher_id")),
        sa.CheckConstraint("voucher_id <> user_id", name=op.f(f"ck_{table}_another_person")),
    )


def upgrade() -> None:
    _passkeys()
    _recoveries()
    _vouchings()
    grant("passkey", _ALL)
    grant("passkey_challenge", _ALL)
    grant("factor_recovery")
    grant("factor_vouching", ("SELECT", "INSERT"))
    for table in ("factor_recovery", "factor_vouching"):
        protect(table, partners=OWN_ORGANISATION)


def downgrade() -> None:
    for table in ("factor_vouching", "factor_recovery", "passkey_challenge", "passkey"):
        op.drop_table(table)
