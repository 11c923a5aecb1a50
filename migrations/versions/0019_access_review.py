"""0019_access_review: accounts warned and disabled, reviews of accesses.

An account without use is warned, then disabled, and says why. Twice a year each organisation's accesses are
confirmed one by one or ended: one review per organisation and half-year, one line per person.
"""

import sqlalchemy as sa
from alembic import op
from walls import OWN_ORGANISATION, grant, key, protect

revision = "0019_access_review"
down_revision = "0018_merging"
branch_labels = None
depends_on = None

_NEW: tuple[tuple[str, sa.types.TypeEngine[object]], ...] = (
    ("disabled_reason", sa.String(length=40)),
    ("last_signed_in_at", sa.DateTime(timezone=True)),
    ("dormant_warned_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in _NEW:
        op.add_column("user_account", sa.Column(name, kind, nullable=True))
    _create_review()
    _create_line()
    for table in ("access_review", "access_review_line"):
        grant(table)
        protect(table, partners=OWN_ORGANISATION)


def downgrade() -> None:
    op.drop_table("access_review_line")
    op.drop_table("access_review")
    for name, _ in reversed(_NEW):
        op.drop_column("user_account", name)


def _create_review() -> None:
    op.create_table(
        "access_review",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("organisation_id", key(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cellule_id"], ["cellule.id"], name=op.f("fk_access_review_cellule_id_cellule")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_access_review_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_access_review_public_id")),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_access_review_cellule_id_id")),
        sa.UniqueConstraint(
            "cellule_id",
            "organisation_id",
            "period",
            name=op.f("uq_access_review_cellule_id_organisation_id_period"),
        ),
    )


def _create_line() -> None:
    op.create_table(
        "access_review_line",
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("organisation_id", key(), nullable=False),
        sa.Column("review_id", key(), nullable=False),
        sa.Column("membership_id", key(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", key(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cellule_id", "review_id"],
            ["access_review.cellule_id", "access_review.id"],
            name=op.f("fk_access_review_line_cellule_id_review_id_access_review"),
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_access_review_line_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_access_review_line_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_access_review_line_decided_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review_line")),
        sa.UniqueConstraint("public_id", name=op.f("uq_access_review_line_public_id")),
        sa.UniqueConstraint("review_id", "membership_id", name=op.f("uq_access_review_line_review_id_membership_id")),
    )
