"""0022_parts_of_copies: the copy of a person's data goes with every part of it, whosever the case of a part.

A copy prepared while two records were merged holds parts about a case that an undoing gave back to the other
person. They refer to the copy, which then could not go with its person: the erasure failed.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022_parts_of_copies"
down_revision = "0021_dated_erasures"
branch_labels = None
depends_on = None

_BY_CASE = "cellule_id = :cellule AND case_id = :case"
_ALONE = (
    "NOT EXISTS (SELECT 1 FROM case_file c WHERE c.cellule_id = :cellule AND c.person_id = :person AND c.id <> :case)"
)
_PACKS = f"(SELECT id FROM access_pack WHERE cellule_id = :cellule AND person_id = :person AND {_ALONE})"
_PARTS = f"cellule_id = :cellule AND (case_id = :case OR pack_id IN {_PACKS})"
_step: Any = sa.table("erasure_step", *(sa.column(name) for name in ("table_name", "condition")))


def upgrade() -> None:
    _say(_PARTS)


def downgrade() -> None:
    _say(_BY_CASE)


def _say(parts: str) -> None:
    masks = f"cellule_id = :cellule AND part_id IN (SELECT id FROM pack_part WHERE {parts})"
    for table, condition in (("pack_mask", masks), ("pack_part", parts)):
        op.execute(sa.update(_step).where(_step.c.table_name == table).values(condition=condition))
