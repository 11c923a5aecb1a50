"""0015_rights: the register of the insured's requests, and the copies of their data made to answer them.

A copy is made of parts, each released by those who may read it; masks say where a passage is hidden, never its
words. The sealed file itself stands in `access_pack.body` until it expires.
"""

import sqlalchemy as sa
from alembic import op
from walls import NOTHING, grant, key, protect

revision = "0015_rights"
down_revision = "0014_federation"
branch_labels = None
depends_on = None

_TABLES = ("rights_request", "access_pack", "pack_part", "pack_mask")


def upgrade() -> None:
    _create_request()
    _create_pack()
    _create_part()
    _create_mask()
    for table in _TABLES:
        grant(table)
        protect(table, partners=NOTHING)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _word(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=40), nullable=nullable)


def _day(name: str, *, nullable: bool = True) -> "sa.Column[object]":
    return sa.Column(name, sa.Date(), nullable=nullable)


def _instant(name: str, *, nullable: bool = True) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _of(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{owner}_cellule_id_{column}_{table}")
    return sa.ForeignKeyConstraint(["cellule_id", column], [f"{table}.cellule_id", f"{table}.id"], name=name)


def _common(owner: str, *, public: bool = True) -> list[sa.schema.SchemaItem]:
    items: list[sa.schema.SchemaItem] = [
        sa.Column("id", key(), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{owner}")),
    ]
    if public:
        items += [
            sa.Column("public_id", sa.String(length=32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.UniqueConstraint("public_id", name=op.f(f"uq_{owner}_public_id")),
            sa.UniqueConstraint("cellule_id", "id", name=op.f(f"uq_{owner}_cellule_id_id")),
        ]
    return items


def _create_request() -> None:
    op.create_table(
        "rights_request",
        *_common("rights_request"),
        sa.Column("case_id", key(), nullable=True),
        sa.Column("reference", sa.String(length=20), nullable=False),
        _word("kind"),
        _word("channel"),
        _day("received_on", nullable=False),
        _word("identity_proof"),
        _day("identity_asked_on"),
        _day("identity_given_on"),
        _word("state"),
        _day("due_on"),
        _day("extended_on"),
        _word("extension_reason", nullable=True),
        _day("closed_on"),
        _word("answer_means", nullable=True),
        _word("refusal_reason", nullable=True),
        _day("reminded_on"),
        sa.Column("recorded_by_id", key(), nullable=False),
        _instant("recorded_at", nullable=False),
        _to("rights_request", "cellule_id", "cellule"),
        _of("rights_request", "case_id", "case_file"),
        _to("rights_request", "recorded_by_id", "user_account"),
        sa.UniqueConstraint("cellule_id", "reference", name=op.f("uq_rights_request_cellule_id_reference")),
    )
    op.create_index("ix_rights_request_due", "rights_request", ["cellule_id", "closed_on", "due_on", "id"])
    op.create_index("ix_rights_request_case", "rights_request", ["cellule_id", "case_id", "id"])


def _create_pack() -> None:
    op.create_table(
        "access_pack",
        *_common("access_pack"),
        sa.Column("request_id", key(), nullable=False),
        sa.Column("person_id", key(), nullable=False),
        sa.Column("opened_by_id", key(), nullable=False),
        _instant("opened_at", nullable=False),
        sa.Column("sealed_by_id", key(), nullable=True),
        _instant("sealed_at"),
        _day("expires_on"),
        _instant("destroyed_at"),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _of("access_pack", "request_id", "rights_request"),
        _of("access_pack", "person_id", "insured_person"),
        _to("access_pack", "opened_by_id", "user_account"),
        _to("access_pack", "sealed_by_id", "user_account"),
        sa.UniqueConstraint("request_id", name=op.f("uq_access_pack_request_id")),
    )
    op.create_index("ix_access_pack_expiry", "access_pack", ["cellule_id", "expires_on"])
    op.create_index("ix_access_pack_key", "access_pack", ["key_id", "id"])


def _create_part() -> None:
    op.create_table(
        "pack_part",
        *_common("pack_part"),
        sa.Column("pack_id", key(), nullable=False),
        sa.Column("case_id", key(), nullable=False),
        _word("part"),
        _word("state"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _word("withheld_reason", nullable=True),
        sa.Column("released_by_id", key(), nullable=True),
        _instant("released_at"),
        _of("pack_part", "pack_id", "access_pack"),
        _of("pack_part", "case_id", "case_file"),
        _to("pack_part", "released_by_id", "user_account"),
        sa.UniqueConstraint("pack_id", "case_id", "part", name=op.f("uq_pack_part_pack_id_case_id_part")),
    )


def _create_mask() -> None:
    op.create_table(
        "pack_mask",
        *_common("pack_mask", public=False),
        sa.Column("part_id", key(), nullable=False),
        sa.Column("field_key", sa.String(length=120), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _word("reason"),
        sa.Column("masked_by_id", key(), nullable=False),
        _instant("masked_at", nullable=False),
        _instant("lifted_at"),
        _of("pack_mask", "part_id", "pack_part"),
        _to("pack_mask", "masked_by_id", "user_account"),
    )
    op.create_index("ix_pack_mask_part", "pack_mask", ["cellule_id", "part_id", "id"])
