"""0029_minutes_sent: editions of minutes, the register of what became of them, and objections.

An erratum is one more row of `minutes` for the same séance: its keys hold an edition besides. SQLite changes a
key by copying the table, which takes its triggers away: they are created again as `0002` has them.

`minutes_event` is only added to and holds no text. `minutes_objection` holds one, emptied with the case.
"""

import sqlalchemy as sa
from alembic import op
from walls import OWN_ORGANISATION, grant, keep_rows, key, on_postgresql, protect

revision = "0029_minutes_sent"
down_revision = "0028_consultations"
branch_labels = None
depends_on = None

# How minutes were approved is for all who read them; the rest of the register, for the recipient it names.
_OWN_OR_COMMON = f"({OWN_ORGANISATION} OR kind IN ('window_opened', 'contested', 'approved'))"
_OF_THE_CASE = (
    "cellule_id = :cellule AND minutes_id IN (SELECT m.id FROM minutes m JOIN agenda_item i "
    "ON i.meeting_id = m.meeting_id JOIN dispositif_request r ON r.id = i.request_id "
    "WHERE r.cellule_id = :cellule AND r.case_id = :case)"
)
# Before the items of the agenda go, by which the objections are found.
_POSITION = 87
_step = sa.table("erasure_step", *(sa.column(name) for name in ("position", "table_name", "condition", "assignment")))


def upgrade() -> None:
    _number_editions()
    op.create_table(
        "minutes_event",
        *_columns("minutes_event"),
        sa.Column("version_id", key(), nullable=True),
        sa.Column("organisation_id", key(), nullable=True),
        sa.Column("user_id", key(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("once", sa.String(length=80), nullable=True),
        *_keys("minutes_event"),
        sa.ForeignKeyConstraint(
            ["cellule_id", "version_id"],
            ["minutes_version.cellule_id", "minutes_version.id"],
            name=op.f("fk_minutes_event_cellule_id_version_id_minutes_version"),
        ),
        sa.UniqueConstraint("once", name=op.f("uq_minutes_event_once")),
    )
    op.create_index("ix_minutes_event_minutes", "minutes_event", ["cellule_id", "minutes_id", "id"])
    op.create_index("ix_minutes_event_due", "minutes_event", ["cellule_id", "kind", "due_at"])
    op.create_table(
        "minutes_objection",
        *_columns("minutes_objection"),
        sa.Column("organisation_id", key(), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        *_keys("minutes_objection"),
    )
    op.create_index("ix_minutes_objection_minutes", "minutes_objection", ["cellule_id", "minutes_id", "id"])
    keep_rows("minutes_event")
    for table, partners in (("minutes_event", _OWN_OR_COMMON), ("minutes_objection", OWN_ORGANISATION)):
        grant(table, ("SELECT", "INSERT"))
        protect(table, partners=partners)
    op.bulk_insert(
        _step,
        [
            {
                "position": _POSITION,
                "table_name": "minutes_objection",
                "condition": _OF_THE_CASE,
                "assignment": "text = ''",
            }
        ],
    )


def downgrade() -> None:
    op.execute(_step.delete().where(_step.c.position == _POSITION))
    op.drop_table("minutes_objection")
    op.drop_table("minutes_event")
    with op.batch_alter_table("minutes", recreate=_recreate()) as batch:
        batch.drop_constraint("uq_minutes_meeting_id_edition", type_="unique")
        batch.drop_constraint("uq_minutes_cellule_id_year_number_edition", type_="unique")
        batch.create_unique_constraint("uq_minutes_meeting_id", ["meeting_id"])
        batch.create_unique_constraint("uq_minutes_cellule_id_year_number", ["cellule_id", "year", "number"])
        batch.drop_column("replaces_id")
        batch.drop_column("edition")
    _keep_again()


def _number_editions() -> None:
    with op.batch_alter_table("minutes", recreate=_recreate()) as batch:
        batch.add_column(sa.Column("edition", key(), server_default="1", nullable=False))
        batch.add_column(sa.Column("replaces_id", key(), nullable=True))
        batch.drop_constraint("uq_minutes_meeting_id", type_="unique")
        batch.drop_constraint("uq_minutes_cellule_id_year_number", type_="unique")
        batch.create_unique_constraint("uq_minutes_meeting_id_edition", ["meeting_id", "edition"])
        batch.create_unique_constraint(
            "uq_minutes_cellule_id_year_number_edition", ["cellule_id", "year", "number", "edition"]
        )
    _keep_again()


def _recreate() -> str:
    return "never" if on_postgresql() else "always"


def _keep_again() -> None:
    """Create again the triggers that went with the copied table; PostgreSQL kept them."""
    if not on_postgresql():
        keep_rows("minutes")


def _columns(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("minutes_id", key(), nullable=False),
    ]


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.ForeignKeyConstraint(
            ["cellule_id", "minutes_id"],
            ["minutes.cellule_id", "minutes.id"],
            name=op.f(f"fk_{table}_cellule_id_minutes_id_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]
