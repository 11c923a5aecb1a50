"""0007_advice: what partners are asked, propose, and whom they invite.

An opinion is one question put to several organisations. A proposal that is not taken over carries its reason.

The answers are append-only like votes: a newer one holds, the former stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_advice"
down_revision = "0006_compartments"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, BIG, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _of(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_cellule_id_{column}_{table}"),
    )


def _common(owner: str, *, public: bool = True) -> list[sa.schema.SchemaItem]:
    items: list[sa.schema.SchemaItem] = [
        _key("id"),
        _key("cellule_id"),
        _key("case_id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{owner}")),
        _of(owner, "case_id", "case_file"),
    ]
    if public:
        items.append(sa.Column("public_id", sa.String(length=32), nullable=False))
        items.append(sa.UniqueConstraint("public_id", name=op.f(f"uq_{owner}_public_id")))
    return items


def upgrade() -> None:
    op.add_column("dispositif_request", sa.Column("decline_reason", sa.String(), nullable=False, server_default=""))
    _add_invitations()
    _add_advice()


def _add_invitations() -> None:
    op.create_table(
        "invitation",
        _key("id"),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        _key("cellule_id"),
        _key("organisation_id"),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("job_title", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _key("invited_by_id"),
        _instant("invited_at"),
        _instant("expires_at"),
        _instant("accepted_at", nullable=True),
        _instant("cancelled_at", nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        _to("invitation", "cellule_id", "cellule"),
        _to("invitation", "organisation_id", "organisation"),
        _to("invitation", "invited_by_id", "user_account"),
    )
    op.create_index("ix_invitation_organisation", "invitation", ["cellule_id", "organisation_id", "id"])


def _add_advice() -> None:
    op.create_table(
        "advice_round",
        *_common("advice_round"),
        _key("request_id"),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _key("asked_by_id"),
        _instant("asked_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("advice_round", "request_id", "dispositif_request"),
        _to("advice_round", "asked_by_id", "user_account"),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_advice_round_cellule_id_id")),
    )
    op.create_index("ix_advice_round_request", "advice_round", ["cellule_id", "request_id", "id"])
    op.create_table(
        "advice_piece",
        *_common("advice_piece", public=False),
        _key("round_id"),
        _key("document_id"),
        _of("advice_piece", "round_id", "advice_round"),
        _to("advice_piece", "document_id", "document"),
        sa.UniqueConstraint("round_id", "document_id", name=op.f("uq_advice_piece_round_id_document_id")),
    )
    op.create_table(
        "advice_ask",
        *_common("advice_ask"),
        _key("round_id"),
        _key("organisation_id"),
        _instant("revoked_at", nullable=True),
        _instant("declined_at", nullable=True),
        _key("declined_by_id", nullable=True),
        sa.Column("decline_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("advice_ask", "round_id", "advice_round"),
        _to("advice_ask", "organisation_id", "organisation"),
        _to("advice_ask", "declined_by_id", "user_account"),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_advice_ask_cellule_id_id")),
        sa.UniqueConstraint("round_id", "organisation_id", name=op.f("uq_advice_ask_round_id_organisation_id")),
    )
    op.create_index("ix_advice_ask_organisation", "advice_ask", ["organisation_id", "cellule_id", "round_id"])
    op.create_table(
        "advice_reply",
        *_common("advice_reply"),
        _key("ask_id"),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        _key("replied_by_id"),
        _instant("replied_at"),
        _of("advice_reply", "ask_id", "advice_ask"),
        _to("advice_reply", "replied_by_id", "user_account"),
    )
    op.create_index("ix_advice_reply_ask", "advice_reply", ["cellule_id", "ask_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER advice_reply_no_{verb.lower()} BEFORE {verb} ON advice_reply "
                "BEGIN SELECT RAISE(ABORT, 'advice_reply is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER advice_reply_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON advice_reply "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in ("advice_reply", "advice_ask", "advice_piece", "advice_round"):
        op.drop_table(table)
    op.drop_table("invitation")
    op.drop_column("dispositif_request", "decline_reason")
