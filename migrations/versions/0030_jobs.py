"""0030_jobs: the slots of scheduled work, and what each person chose about mails.

`job_slot` names a job, an instant and a process: no person, no case, no cellule. A slot is a row before it
runs, so that two processes never run the same one.

`notice.announced_at` says when a mail told of a notice: at once or in a digest. Those already there were told
by a mail each.
"""

import sqlalchemy as sa
from alembic import op
from walls import grant, key, on_postgresql

revision = "0030_jobs"
down_revision = "0029_minutes_sent"
branch_labels = None
depends_on = None

_PACES = ("mails_about_cases", "mails_about_meetings", "mails_about_duties")
_ABSENCE = ("absent_from", "absent_until")


def upgrade() -> None:
    op.create_table(
        "job_slot",
        sa.Column("id", key(), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=100), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_slot")),
        sa.UniqueConstraint("job", "slot_at", name=op.f("uq_job_slot_job_slot_at")),
    )
    grant("job_slot", ("SELECT", "INSERT", "UPDATE", "DELETE"))
    op.add_column("notice", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    if on_postgresql():
        op.execute("SELECT set_config('pdp.upkeep', 'on', true)")
    op.execute("UPDATE notice SET announced_at = created_at")
    for name in _PACES:
        op.add_column("user_account", sa.Column(name, sa.String(length=40), server_default="digest", nullable=False))
    for name in _ABSENCE:
        op.add_column("user_account", sa.Column(name, sa.Date(), nullable=True))


def downgrade() -> None:
    for name in (*_ABSENCE, *_PACES):
        op.drop_column("user_account", name)
    op.drop_column("notice", "announced_at")
    op.drop_table("job_slot")
