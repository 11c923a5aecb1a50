"""0035_rules: what was the same for every cellule becomes a rule of each, dated as the others.

Going down also takes back from the application the right to record rules, which 0031_governance gave and leaves.
"""

import sqlalchemy as sa
from alembic import op
from walls import app_role, on_postgresql

revision = "0035_rules"
down_revision = "0034_corrections"
branch_labels = None
depends_on = None

_TABLE = "governance_rules"
# Each with what held for every cellule before.
_RULES = {"proxies_per_holder": 1, "notice_days": 5, "cooling_off_minutes": 30, "objection_days": 5}


def upgrade() -> None:
    for name, value in _RULES.items():
        op.add_column(_TABLE, sa.Column(name, sa.Integer(), server_default=str(value), nullable=False))
    if on_postgresql():
        # Going down took it back.
        op.execute(f"GRANT INSERT, DELETE ON {_TABLE} TO {app_role()}")


def downgrade() -> None:
    if on_postgresql():
        op.execute(f"REVOKE INSERT, DELETE ON {_TABLE} FROM {app_role()}")
    for name in _RULES:
        op.drop_column(_TABLE, name)
