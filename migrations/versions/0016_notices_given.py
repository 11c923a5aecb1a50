"""0016_notices_given: information notices given, rectification notes, sharing frozen.

`insured_person.frozen_on` says that the processing of a person is restricted (art. 18 RGPD). It stands on the
person, so that no case of it can be forgotten; the functions of 0009 that list what is shared today are
written again to read it. What the person contests of a medical or social label keeps to that compartment.
"""

import sqlalchemy as sa
from alembic import op
from walls import (
    CELLULE,
    NOTHING,
    ORGANISATION,
    OWN_ORGANISATION,
    ROLE,
    SHARED_CASES,
    app_role,
    grant,
    keep_rows,
    key,
    on_postgresql,
    protect,
)

revision = "0016_notices_given"
down_revision = "0015_rights"
branch_labels = None
depends_on = None

TODAY = "nullif(current_setting('pdp.day', true), '')::date"
SHARED = {
    "pdp_shared_cases": ("c.id", ""),
    "pdp_shared_people": ("c.person_id", ""),
    "pdp_shared_requests": ("r.id", "JOIN dispositif_request r ON r.cellule_id = c.cellule_id AND r.case_id = c.id"),
}
COMPARTMENTS = {"medical": "'service_medical'", "social": "'service_social', 'manager'"}
ADDED_TO = ("notice_given", "rectification", "rectification_decision", "recipient_notice")
TABLES = (*ADDED_TO, "processing_freeze")


def upgrade() -> None:
    op.add_column("insured_person", sa.Column("frozen_on", sa.Date(), nullable=True))
    _create_notice_given()
    _create_rectification()
    _create_decision()
    _create_recipient_notice()
    _create_freeze()
    for table in ADDED_TO:
        grant(table, ("SELECT", "INSERT"))
        keep_rows(table)
    grant("processing_freeze")
    protect("notice_given", partners=NOTHING)
    protect("rectification", partners=SHARED_CASES)
    protect("rectification_decision", partners=SHARED_CASES)
    protect("recipient_notice", partners=OWN_ORGANISATION)
    protect("processing_freeze", partners=NOTHING)
    for table in ("rectification", "rectification_decision"):
        _keep_to_compartments(table)
    _list_what_is_shared("JOIN insured_person p ON p.cellule_id = c.cellule_id AND p.id = c.person_id", "p.frozen_on")


def downgrade() -> None:
    _list_what_is_shared("", "NULL")
    for table in ("processing_freeze", "recipient_notice", "rectification_decision", "rectification", "notice_given"):
        op.drop_table(table)
    op.drop_column("insured_person", "frozen_on")


def _create(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.Column("case_id", key(), nullable=False),
        *items,
        _of(name, "case_id", "case_file"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{name}_public_id")),
    )


def _of(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_cellule_id_{column}_{table}"),
    )


def _to(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _create_notice_given() -> None:
    _create(
        "notice_given",
        sa.Column("notice", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("means", sa.String(length=40), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("document_id", key(), nullable=True),
        sa.Column("recorded_by_id", key(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _of("notice_given", "document_id", "document"),
        _to("notice_given", "recorded_by_id", "user_account"),
    )
    op.create_index("ix_notice_given_case", "notice_given", ["cellule_id", "case_id", "id"])


def _create_rectification() -> None:
    _create(
        "rectification",
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("field", sa.LargeBinary(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", key(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_rectification_cellule_id_id")),
        _to("rectification", "recorded_by_id", "user_account"),
    )
    op.create_index("ix_rectification_case", "rectification", ["cellule_id", "case_id", "id"])


def _create_decision() -> None:
    _create(
        "rectification_decision",
        sa.Column("rectification_id", key(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by_id", key(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("rectification_id", name=op.f("uq_rectification_decision_rectification_id")),
        _of("rectification_decision", "rectification_id", "rectification"),
        _to("rectification_decision", "decided_by_id", "user_account"),
    )
    op.create_index("ix_rectification_decision_case", "rectification_decision", ["cellule_id", "case_id"])


def _create_recipient_notice() -> None:
    _create(
        "recipient_notice",
        sa.Column("organisation_id", key(), nullable=False),
        sa.Column("news", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        _to("recipient_notice", "organisation_id", "organisation"),
    )
    op.create_index("ix_recipient_notice_org", "recipient_notice", ["organisation_id", "cellule_id", "id"])
    op.create_index("ix_recipient_notice_case", "recipient_notice", ["cellule_id", "case_id"])


def _create_freeze() -> None:
    _create(
        "processing_freeze",
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("frozen_by_id", key(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("informed_means", sa.String(length=40), nullable=True),
        sa.Column("informed_by_id", key(), nullable=True),
        sa.Column("informed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_by_id", key(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(_to("processing_freeze", f"{verb}_by_id", "user_account") for verb in ("frozen", "informed", "lifted")),
    )
    op.create_index("ix_processing_freeze_case", "processing_freeze", ["cellule_id", "case_id", "id"])


def _keep_to_compartments(table: str) -> None:
    if not on_postgresql():
        return
    words = [f"label NOT IN ({', '.join(repr(label) for label in COMPARTMENTS)})"]
    words += [f"label = '{label}' AND (SELECT {ROLE} IN ({roles}))" for label, roles in COMPARTMENTS.items()]
    rule = " OR ".join(words)
    op.execute(
        f"CREATE POLICY compartment ON {table} AS RESTRICTIVE TO {app_role()} USING ({rule}) WITH CHECK ({rule})"
    )


def _list_what_is_shared(person: str, frozen: str) -> None:
    """Write the functions of 0009 again: nothing is shared of a person whose processing is restricted."""
    if not on_postgresql():
        return
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    organisation, cellule, today = (f"(SELECT {word})" for word in (ORGANISATION, CELLULE, TODAY))
    named = (
        "EXISTS (SELECT 1 FROM case_reader n WHERE n.cellule_id = c.cellule_id AND n.case_id = c.id "
        f"AND n.organisation_id = {organisation} AND n.ended_at IS NULL)"
    )
    for name, (column, join) in SHARED.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 "
            f"SET search_path = {schema}, pg_temp AS $$ "
            f"SELECT {column} FROM sharing_agreement a "
            f"JOIN case_file c ON c.cellule_id = a.cellule_id AND c.id = a.case_id {person} {join} "
            f"WHERE a.organisation_id = {organisation} AND a.cellule_id = {cellule} AND a.labels <> '' "
            f"AND a.starts_on <= {today} AND (a.ends_on IS NULL OR a.ends_on >= {today}) "
            f"AND (a.withdrawn_on IS NULL OR a.withdrawn_on > {today}) AND {frozen} IS NULL "
            f"AND c.stage NOT IN ('closed', 'reoriented') AND (c.restricted_on IS NULL OR {named}) $$"
        )
