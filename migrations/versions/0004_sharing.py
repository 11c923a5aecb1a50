"""0004_sharing: what proves an agreement and its end, what left the system, what was recalled.

`departure` and `agenda_trace` can only be added to, like the journal.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_sharing"
down_revision = "0003_sealed_journal"
branch_labels = None
depends_on = None

APPEND_ONLY = ("departure", "agenda_trace")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
_TEXTS = ("place", "collected_by", "withdrawal_reason")


def upgrade() -> None:
    _agreement()
    _departure()
    _recall()
    _agenda_trace()
    for table in APPEND_ONLY:
        _forbid_changes(table)


def _agreement() -> None:
    for column in (
        sa.Column("purpose_code", sa.String(40), server_default="other", nullable=False),
        sa.Column("notice", sa.String(20), server_default="", nullable=False),
        sa.Column("informed_on", sa.Date()),
        sa.Column("agreed_on", sa.Date()),
        *(sa.Column(name, sa.String(), server_default="", nullable=False) for name in _TEXTS),
        sa.Column("replaces_id", BIG),
        sa.Column("end_kind", sa.String(40)),
        sa.Column("withdrawal_means", sa.String(40)),
        sa.Column("withdrawn_by_id", BIG),
        sa.Column("ended_at", AT),
    ):
        op.add_column("sharing_agreement", column)


def _departure() -> None:
    op.create_table(
        "departure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("cellule_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("object_kind", sa.String(40), nullable=False),
        sa.Column("object_id", BIG, nullable=False),
        sa.Column("object_version", sa.String(80), nullable=False),
        sa.Column("labels", sa.String(400), nullable=False),
        sa.Column("left_at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["cellule_id", "case_id"],
            ["case_file.cellule_id", "case_file.id"],
            name="fk_departure_cellule_id_case_file",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_departure_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_departure_user_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_departure"),
        sa.UniqueConstraint("public_id", name="uq_departure_public_id"),
    )
    op.create_index("ix_departure_case", "departure", ["cellule_id", "case_id", "organisation_id"])


def _recall() -> None:
    op.create_table(
        "recall",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("cellule_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", AT),
        sa.Column("answered_by_id", BIG),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"], name="fk_recall_cellule_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_recall_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name="fk_recall_answered_by_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_recall"),
        sa.UniqueConstraint("public_id", name="uq_recall_public_id"),
    )
    op.create_index("ix_recall_case", "recall", ["cellule_id", "case_id"])
    op.create_index("ix_recall_org", "recall", ["organisation_id", "cellule_id", "state"])


def _agenda_trace() -> None:
    op.create_table(
        "agenda_trace",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("cellule_id", BIG, nullable=False),
        sa.Column("meeting_id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["cellule_id", "meeting_id"],
            ["meeting.cellule_id", "meeting.id"],
            name="fk_agenda_trace_cellule_id_meeting",
        ),
        sa.ForeignKeyConstraint(
            ["cellule_id", "request_id"],
            ["dispositif_request.cellule_id", "dispositif_request.id"],
            name="fk_agenda_trace_cellule_id_dispositif_request",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_agenda_trace_organisation_id_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_trace"),
        sa.UniqueConstraint("public_id", name="uq_agenda_trace_public_id"),
    )
    op.create_index("ix_agenda_trace_meeting", "agenda_trace", ["cellule_id", "meeting_id"])


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in ("agenda_trace", "recall", "departure"):
        op.drop_table(table)
    for name in (
        "ended_at",
        "withdrawn_by_id",
        "withdrawal_means",
        "end_kind",
        "replaces_id",
        *reversed(_TEXTS),
        "agreed_on",
        "informed_on",
        "notice",
        "purpose_code",
    ):
        op.drop_column("sharing_agreement", name)
