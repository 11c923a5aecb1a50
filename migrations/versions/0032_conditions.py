"""0032_conditions: what a thing to do is for, what was said of it, and when its owner was last reminded.

A condition of an opinion, and what an adjournment waits for, are things to do of another kind: the rows, their
walls and their rights are those of `action`.
"""

import sqlalchemy as sa
from alembic import op
from walls import key

revision = "0032_conditions"
down_revision = "0031_governance"
branch_labels = None
depends_on = None

_COLUMNS = ("kind", "note", "reminded_step", "reminded_on", "returned_on")


def upgrade() -> None:
    op.add_column("action", sa.Column("kind", sa.String(length=40), nullable=False, server_default="TASK"))
    op.add_column("action", sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.add_column("action", sa.Column("reminded_step", key(), nullable=False, server_default="0"))
    op.add_column("action", sa.Column("reminded_on", sa.Date(), nullable=True))
    op.add_column("action", sa.Column("returned_on", sa.Date(), nullable=True))


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("action", name)
