"""0034_corrections: what was wrong in a closed ballot, and what holds since two people said so.

The proposal stays as it was written: the application may change only what the second person decides, and
whether the correction is the one that holds.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from walls import SHARED_CASES, app_role, grant, keep_until_erased, key, on_postgresql, protect

revision = "0034_corrections"
down_revision = "0033_letters"
branch_labels = None
depends_on = None

_TABLE = "opinion_correction"
_DECISION = ("state", "holds", "decided_by_id", "decided_at", "refusal")
_PROPOSAL = (
    "public_id",
    "cellule_id",
    "item_id",
    "case_id",
    "reason",
    "changes",
    "code",
    "conditions",
    "reasons",
    "explanation",
    "quorum_sentence",
    "former_code",
    "proposed_by_id",
    "proposed_at",
    "answer_by",
)
_step: Any = sa.table(
    "erasure_step",
    *(sa.column(name) for name in ("position", "table_name", "condition", "assignment")),
)


def upgrade() -> None:
    _create()
    grant(_TABLE, ("SELECT", "INSERT"))
    if on_postgresql():
        op.execute(f"GRANT UPDATE ({', '.join(_DECISION)}) ON {_TABLE} TO {app_role()}")
    keep_until_erased(_TABLE, _PROPOSAL)
    protect(_TABLE, partners=SHARED_CASES)
    before = op.get_bind().scalar(sa.select(_step.c.position).where(_step.c.table_name == "ballot"))
    row = {
        "position": before - 3,
        "table_name": _TABLE,
        "condition": "cellule_id = :cellule AND case_id = :case",
        "assignment": "",
    }
    op.bulk_insert(_step, [row])


def downgrade() -> None:
    op.execute(sa.delete(_step).where(_step.c.table_name == _TABLE))
    op.drop_table(_TABLE)


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_{_TABLE}_cellule_id_{column}_{table}"),
    )


def _person(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["user_account.id"], name=op.f(f"fk_{_TABLE}_{column}_user_account"))


def _create() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("item_id", key(), nullable=False),
        sa.Column("case_id", key(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("quorum_sentence", sa.String(), nullable=False),
        sa.Column("former_code", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", key(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("holds", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("decided_by_id", key(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state <> 'CONFIRMED' OR decided_by_id <> proposed_by_id", name=op.f(f"ck_{_TABLE}_another_confirms")
        ),
        _of("item_id", "agenda_item"),
        _of("case_id", "case_file"),
        _person("proposed_by_id"),
        _person("decided_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{_TABLE}_public_id")),
    )
    for name, where in (("holds", sa.text("holds")), ("waits", sa.text("state = 'WAITING'"))):
        op.create_index(
            f"uq_{_TABLE}_{name}", _TABLE, ["item_id"], unique=True, sqlite_where=where, postgresql_where=where
        )
    op.create_index(f"ix_{_TABLE}_case", _TABLE, ["cellule_id", "case_id"])
