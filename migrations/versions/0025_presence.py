"""0025_presence: the history of presence, the déports, and the seats that vote by proxy.

What happened to a seat is only added to. A déport ends, and goes with its case; the application may not
delete it. A partner's transaction reads the déports of the cases shared with its organisation: the filter
of what each of its people may see asks them.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from walls import SHARED_CASES, grant, keep_rows, key, protect

revision = "0025_presence"
down_revision = "0024_convocations"
branch_labels = None
depends_on = None

_step: Any = sa.table(
    "erasure_step",
    *(sa.column(name) for name in ("position", "table_name", "condition", "assignment")),
)


def upgrade() -> None:
    op.add_column("ballot_voter", sa.Column("by_proxy", sa.Boolean(), nullable=False, server_default=sa.false()))
    _create_recusal()
    _create_event()
    grant("case_recusal")
    protect("case_recusal", partners=SHARED_CASES)
    grant("attendance_event", ("SELECT", "INSERT"))
    keep_rows("attendance_event")
    protect("attendance_event", partners=None)
    before = op.get_bind().scalar(sa.select(_step.c.position).where(_step.c.table_name == "case_reader"))
    row = {
        "position": before - 5,
        "table_name": "case_recusal",
        "condition": "cellule_id = :cellule AND case_id = :case",
        "assignment": "",
    }
    op.bulk_insert(_step, [row])


def downgrade() -> None:
    op.execute(sa.delete(_step).where(_step.c.table_name == "case_recusal"))
    op.drop_table("attendance_event")
    op.drop_table("case_recusal")
    op.drop_column("ballot_voter", "by_proxy")


def _to(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _of(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_cellule_id_{column}_{table}"),
    )


def _id(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, key(), nullable=nullable)


def _create_recusal() -> None:
    op.create_table(
        "case_recusal",
        _id("id"),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        _id("cellule_id"),
        _id("case_id"),
        _id("user_id"),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        _id("declared_by_id"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _id("ended_by_id", nullable=True),
        _of("case_recusal", "case_id", "case_file"),
        _to("case_recusal", "user_id", "user_account"),
        _to("case_recusal", "declared_by_id", "user_account"),
        _to("case_recusal", "ended_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_recusal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_recusal_public_id")),
    )
    op.create_index("ix_case_recusal_case", "case_recusal", ["cellule_id", "case_id"])
    op.create_index("ix_case_recusal_user", "case_recusal", ["user_id", "case_id"])


def _create_event() -> None:
    op.create_table(
        "attendance_event",
        _id("id"),
        _id("cellule_id"),
        _id("meeting_id"),
        _id("seat_id"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        _id("membership_id", nullable=True),
        sa.Column("mode", sa.String(length=40), nullable=True),
        _id("proxy_seat_id", nullable=True),
        _id("item_id", nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _id("recorded_by_id"),
        _id("corrects_id", nullable=True),
        _of("attendance_event", "meeting_id", "meeting"),
        _to("attendance_event", "seat_id", "seat"),
        _to("attendance_event", "membership_id", "membership"),
        _to("attendance_event", "proxy_seat_id", "seat"),
        _to("attendance_event", "recorded_by_id", "user_account"),
        _to("attendance_event", "corrects_id", "attendance_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_event")),
    )
    op.create_index("ix_attendance_event_meeting", "attendance_event", ["cellule_id", "meeting_id", "id"])
