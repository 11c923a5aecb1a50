"""0026_room: the room. Notes that two people type, time really spent, breaks, items added in session.

Who saved a note last is named without a key: plain columns, so that SQLite need not copy the table.
"""

import sqlalchemy as sa
from alembic import op
from walls import key

revision = "0026_room"
down_revision = "0025_presence"
branch_labels = None
depends_on = None

_ITEM: tuple[tuple[str, sa.types.TypeEngine[object], str | None], ...] = (
    ("added_in_session", sa.Boolean(), "0"),
    ("note_version", key(), "0"),
    ("note_by_id", key(), None),
    ("note_at", sa.DateTime(timezone=True), None),
    ("spent_seconds", key(), "0"),
    ("resumed_at", sa.DateTime(timezone=True), None),
)
_MEETING = ("paused_at", "resumes_at")


def upgrade() -> None:
    for name, kind, default in _ITEM:
        stored = sa.false() if isinstance(kind, sa.Boolean) else default
        op.add_column("agenda_item", sa.Column(name, kind, nullable=default is None, server_default=stored))
    for name in _MEETING:
        op.add_column("meeting", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in reversed(_MEETING):
        op.drop_column("meeting", name)
    for name, _, _ in reversed(_ITEM):
        op.drop_column("agenda_item", name)
