"""0024_convocations: who is convened to a séance and what they answered; a séance may be cancelled.

A convocation is found by the link of its mail before anybody signed in, as an invitation is: the table has
its rights and no wall. It names colleagues, no insured person; the token is nowhere, the row has its hash.
"""

import sqlalchemy as sa
from alembic import op
from walls import grant, key

revision = "0024_convocations"
down_revision = "0023_agenda"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "convocation",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("meeting_id", key(), nullable=False),
        sa.Column("seat_id", key(), nullable=False),
        sa.Column("membership_id", key(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("agenda_mark", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("wish", sa.String(length=140), nullable=False),
        sa.Column("substitute_id", key(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cellule_id", "meeting_id"],
            ["meeting.cellule_id", "meeting.id"],
            name=op.f("fk_convocation_cellule_id_meeting_id_meeting"),
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_convocation_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_convocation_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["membership.id"], name=op.f("fk_convocation_substitute_id_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convocation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_convocation_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_convocation_token_hash")),
        sa.UniqueConstraint("meeting_id", "membership_id", name=op.f("uq_convocation_meeting_id_membership_id")),
    )
    op.create_index("ix_convocation_membership_id", "convocation", ["membership_id"])
    grant("convocation")
    op.add_column("meeting", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("meeting", sa.Column("cancelled_reason", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("meeting", "cancelled_reason")
    op.drop_column("meeting", "cancelled_at")
    op.drop_table("convocation")
