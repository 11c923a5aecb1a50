"""0027_ballot_modes: agreement without a vote, secret ballots, rounds, alternatives and the list without debate."""

import sqlalchemy as sa
from alembic import op

revision = "0027_ballot_modes"
down_revision = "0026_room"
branch_labels = None
depends_on = None

_MODES = ("NAMED", "CONSENSUS", "SECRET")
_OPINIONS = ("FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS", "UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def _columns() -> dict[str, tuple[sa.Column[object], ...]]:
    return {
        "governance_rules": (
            sa.Column("ballot_mode", _words("ballotmode", *_MODES), server_default="NAMED", nullable=False),
        ),
        "ballot": (
            sa.Column("mode", _words("ballotmode", *_MODES), server_default="NAMED", nullable=False),
            sa.Column("proposed", _words("opinioncode", *_OPINIONS), nullable=True),
            sa.Column("vote_asked_by", sa.String(), server_default="", nullable=False),
            sa.Column("round", sa.Integer(), server_default="1", nullable=False),
            sa.Column("reset_reasons", sa.String(), server_default="", nullable=False),
            sa.Column("turnout", sa.JSON(), nullable=True),
            sa.Column("received", sa.Integer(), server_default="0", nullable=False),
            sa.Column("sealed_counts", sa.LargeBinary(), nullable=True),
            sa.Column("counts", sa.String(), server_default="", nullable=False),
        ),
        "vote": (sa.Column("round", sa.Integer(), server_default="1", nullable=False),),
        "agenda_item": (
            sa.Column(
                "track",
                _words("agendatrack", "DISCUSSED", "FAST", "ASKED"),
                server_default="DISCUSSED",
                nullable=False,
            ),
            sa.Column("alternative_group", sa.Integer(), nullable=True),
        ),
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    for table, columns in reversed(_columns().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
