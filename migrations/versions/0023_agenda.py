"""0023_agenda: the points of a séance that are about no case, and seats that the coordination keeps itself.

A point hangs on no case: the whole cellule may see its row, the application keeps its discussion from the
partners. Seats were set up by the owner until now; holders already came from the application.
"""

import sqlalchemy as sa
from alembic import op
from walls import app_role, grant, key, on_postgresql, protect

revision = "0023_agenda"
down_revision = "0022_parts_of_copies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_point",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("meeting_id", key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("rank", key(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("planned_minutes", key(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("discussion", sa.String(), nullable=False),
        sa.Column("carried_from_id", key(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["carried_from_id"], ["agenda_point.id"], name=op.f("fk_agenda_point_carried_from_id_agenda_point")
        ),
        sa.ForeignKeyConstraint(
            ["cellule_id", "meeting_id"],
            ["meeting.cellule_id", "meeting.id"],
            name=op.f("fk_agenda_point_cellule_id_meeting_id_meeting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_point")),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_agenda_point_cellule_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agenda_point_public_id")),
    )
    op.create_index("ix_agenda_point_meeting", "agenda_point", ["cellule_id", "meeting_id"])
    grant("agenda_point", ("SELECT", "INSERT", "UPDATE", "DELETE"))
    protect("agenda_point", partners=None)
    grant("seat")


def downgrade() -> None:
    if on_postgresql():
        op.execute(f"REVOKE INSERT, UPDATE ON seat FROM {app_role()}")
    op.drop_table("agenda_point")
