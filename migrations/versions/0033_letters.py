"""0033_letters: the texts of a cellule, and the letters produced about its cases.

The versions of a text are only added to; they name nobody and no case, and no partner reads them. A letter goes
with its case; a partner's transaction sees those written to its organisation about a case shared with it. What
a letter says stays as it was produced: the application may change only when and how it left.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from walls import (
    OWN_ORGANISATION,
    SHARED_CASES,
    app_role,
    grant,
    keep_rows,
    keep_until_erased,
    key,
    on_postgresql,
    protect,
)

revision = "0033_letters"
down_revision = "0032_conditions"
branch_labels = None
depends_on = None

_SENT = ("sent_on", "sent_by_means", "sent_by_id")
_SAID = (
    "public_id",
    "cellule_id",
    "case_id",
    "request_id",
    "organisation_id",
    "year",
    "number",
    "kind",
    "labels",
    "content",
    "content_hash",
    "agreed_on",
    "produced_by_id",
    "produced_at",
)
_step: Any = sa.table(
    "erasure_step",
    *(sa.column(name) for name in ("position", "table_name", "condition", "assignment")),
)


def upgrade() -> None:
    _create_text()
    _create_letter()
    grant("cellule_text", ("SELECT", "INSERT"))
    keep_rows("cellule_text")
    protect("cellule_text")
    grant("letter", ("SELECT", "INSERT"))
    if on_postgresql():
        op.execute(f"GRANT UPDATE ({', '.join(_SENT)}) ON letter TO {app_role()}")
    keep_until_erased("letter", _SAID)
    protect("letter", partners=f"({OWN_ORGANISATION} AND {SHARED_CASES})")
    before = op.get_bind().scalar(sa.select(_step.c.position).where(_step.c.table_name == "dispositif_request"))
    row = {
        "position": before - 3,
        "table_name": "letter",
        "condition": "cellule_id = :cellule AND case_id = :case",
        "assignment": "",
    }
    op.bulk_insert(_step, [row])


def downgrade() -> None:
    op.execute(sa.delete(_step).where(_step.c.table_name == "letter"))
    op.drop_table("letter")
    op.drop_table("cellule_text")


def _create_text() -> None:
    op.create_table(
        "cellule_text",
        *_head(),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("edition", key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dispositif", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("saved_by_id", key(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _to("cellule_text", "cellule_id", "cellule"),
        _to("cellule_text", "saved_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cellule_text")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cellule_text_public_id")),
        sa.UniqueConstraint("cellule_id", "code", "edition", name=op.f("uq_cellule_text_cellule_id_code_edition")),
    )


def _create_letter() -> None:
    op.create_table(
        "letter",
        *_head(),
        sa.Column("case_id", key(), nullable=False),
        sa.Column("request_id", key(), nullable=False),
        sa.Column("organisation_id", key(), nullable=True),
        sa.Column("year", key(), nullable=False),
        sa.Column("number", key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.String(length=400), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("produced_by_id", key(), nullable=False),
        sa.Column("produced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by_means", sa.String(length=40), nullable=True),
        sa.Column("sent_by_id", key(), nullable=True),
        _of("letter", "case_id", "case_file"),
        _of("letter", "request_id", "dispositif_request"),
        _to("letter", "organisation_id", "organisation"),
        _to("letter", "produced_by_id", "user_account"),
        _to("letter", "sent_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letter_public_id")),
        sa.UniqueConstraint("cellule_id", "year", "number", name=op.f("uq_letter_cellule_id_year_number")),
    )
    op.create_index("ix_letter_case", "letter", ["cellule_id", "case_id", "id"])
    op.create_index("ix_letter_request", "letter", ["cellule_id", "request_id", "kind"])


def _head() -> list["sa.Column[Any]"]:
    return [
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
    ]


def _to(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _of(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_cellule_id_{column}_{table}"),
    )
