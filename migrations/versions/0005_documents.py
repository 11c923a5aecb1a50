"""0005_documents: the pieces of a case, and the sealed bytes of their files.

A piece is a row of metadata under one label; its bytes are a row apart, encrypted, found by a keyed
hash of their content, so that lists never load them and any process on any host reads them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_documents"
down_revision = "0004_sharing"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=nullable)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(column: str, table: str, owner: str = "document") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _of_case(owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", "case_id"],
        ["case_file.cellule_id", "case_file.id"],
        name=op.f(f"fk_{owner}_cellule_id_case_id_case_file"),
    )


def upgrade() -> None:
    op.create_table(
        "document_body",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cellule_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_case("document_body"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_body")),
        sa.UniqueConstraint(
            "cellule_id", "case_id", "digest", name=op.f("uq_document_body_cellule_id_case_id_digest")
        ),
    )
    op.create_index("ix_document_body_key", "document_body", ["key_id", "id"])
    op.create_table(
        "document",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        _word("label"),
        _word("kind"),
        sa.Column("precision", sa.LargeBinary(), nullable=False),
        _word("media"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body_id", BIG, nullable=True),
        sa.Column("added_by_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        _instant("added_at", nullable=False),
        _word("review"),
        _word("spread"),
        sa.Column("reviewed_by_id", BIG, nullable=True),
        _instant("reviewed_at"),
        sa.Column("refusal", sa.LargeBinary(), nullable=False),
        _word("scan"),
        _instant("scanned_at"),
        _instant("withdrawn_at"),
        sa.Column("withdrawn_by_id", BIG, nullable=True),
        sa.Column("withdrawal", sa.LargeBinary(), nullable=False),
        sa.Column("replaces_id", BIG, nullable=True),
        _instant("replaced_at"),
        _word("about", nullable=True),
        sa.Column("about_ref", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _of_case("document"),
        _to("body_id", "document_body"),
        _to("added_by_id", "user_account"),
        _to("organisation_id", "organisation"),
        _to("reviewed_by_id", "user_account"),
        _to("withdrawn_by_id", "user_account"),
        _to("replaces_id", "document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_document_cellule_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_document_public_id")),
    )
    op.create_index("ix_document_case", "document", ["cellule_id", "case_id", "id"])
    op.create_index("ix_document_review", "document", ["cellule_id", "review", "id"])
    op.create_index("ix_document_scan", "document", ["cellule_id", "scan", "id"])
    op.create_index("ix_document_body", "document", ["body_id"])
    op.create_index("ix_document_author", "document", ["added_by_id", "added_at"])


def downgrade() -> None:
    op.drop_table("document")
    op.drop_table("document_body")
