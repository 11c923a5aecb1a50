"""0036_measures: what happens to a measure that was granted.

Facts are only added: the application may not change one, nor delete it. A partner sees those of the cases
shared with its organisation; they go with the case.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from walls import SHARED_CASES, grant, keep_until_erased, key, protect

revision = "0036_measures"
down_revision = "0035_rules"
branch_labels = None
depends_on = None

_step: Any = sa.table(
    "erasure_step",
    *(sa.column(name) for name in ("position", "table_name", "condition", "assignment")),
)


def upgrade() -> None:
    op.create_table(
        "measure_event",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("case_id", key(), nullable=False),
        sa.Column("request_id", key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("text_version", key(), nullable=True),
        sa.Column("cancels_id", key(), nullable=True),
        sa.Column("recorded_by_id", key(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _of("case_id", "case_file"),
        _of("request_id", "dispositif_request"),
        _to("cancels_id", "measure_event"),
        _to("recorded_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_measure_event_public_id")),
    )
    op.create_index("ix_measure_event_request", "measure_event", ["cellule_id", "request_id", "id"])
    op.create_index("ix_measure_event_case", "measure_event", ["cellule_id", "case_id", "id"])
    grant("measure_event", ("SELECT", "INSERT"))
    keep_until_erased("measure_event")
    protect("measure_event", partners=SHARED_CASES)
    before = op.get_bind().scalar(sa.select(_step.c.position).where(_step.c.table_name == "request_outcome"))
    row = {
        "position": before - 5,
        "table_name": "measure_event",
        "condition": "cellule_id = :cellule AND case_id = :case",
        "assignment": "",
    }
    op.bulk_insert(_step, [row])


def downgrade() -> None:
    op.execute(sa.delete(_step).where(_step.c.table_name == "measure_event"))
    op.drop_table("measure_event")


def _to(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_measure_event_{column}_{table}"))


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_measure_event_cellule_id_{column}_{table}"),
    )
