"""0028_consultations: written consultations, and what silence means in them.

A consultation is a meeting of another kind: agenda, ballots, opinions and minutes are those of a séance.
"""

import sqlalchemy as sa
from alembic import op
from walls import grant, key, protect

revision = "0028_consultations"
down_revision = "0027_ballot_modes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("kind", sa.String(length=40), server_default="SEANCE", nullable=False))
    op.add_column(
        "governance_rules", sa.Column("silence", sa.String(length=40), server_default="nothing", nullable=False)
    )
    op.create_table(
        "consultation",
        sa.Column("id", key(), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("meeting_id", key(), nullable=False),
        sa.Column("silence", sa.String(length=40), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.String(), nullable=False),
        sa.Column("half_reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("eve_reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("relanced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cellule_id"], ["cellule.id"], name=op.f("fk_consultation_cellule_id_cellule")),
        sa.ForeignKeyConstraint(
            ["cellule_id", "meeting_id"],
            ["meeting.cellule_id", "meeting.id"],
            name=op.f("fk_consultation_cellule_id_meeting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_consultation_meeting_id")),
    )
    grant("consultation")
    protect("consultation", partners=None)


def downgrade() -> None:
    op.drop_table("consultation")
    op.drop_column("governance_rules", "silence")
    op.drop_column("meeting", "kind")
