"""0018_merging: merging of persons recorded twice, and its undoing.

One person proposes, another decides. A merge, its lines and its undoing are facts that are only added to; the
values that a line holds may be sealed again under a newer key, by the owner of the tables alone. A former
identity leads to the person it became part of.
"""

import sqlalchemy as sa
from alembic import op
from walls import NOTHING, SHARED_PEOPLE, app_role, grant, keep_rows, key, on_postgresql, protect

revision = "0018_merging"
down_revision = "0017_retention"
branch_labels = None
depends_on = None

_FIXED = ("id", "public_id", "cellule_id", "merge_id", "undone", "kind", "name", "row_id", "from_id", "to_id")
_RENEWED = (
    "NEW.sealed IS NOT NULL AND OLD.sealed IS NOT NULL AND substr(NEW.sealed, 1, 2) > substr(OLD.sealed, 1, 2) AND "
    + " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FIXED)
)


def upgrade() -> None:
    op.create_index("ix_insured_person_birth", "insured_person", ["cellule_id", "birth_date", "id"])
    _create_alias()
    _create_proposal()
    _create_merge()
    _create_line()
    for table in ("merge_proposal", "person_merge", "person_merge_line", "person_unmerge"):
        grant(table, ("SELECT", "INSERT", "UPDATE") if table == "merge_proposal" else ("SELECT", "INSERT"))
        protect(table, partners=NOTHING)
    grant("person_alias")
    protect("person_alias", partners=SHARED_PEOPLE)
    keep_rows("person_merge")
    keep_rows("person_unmerge")
    _keep_lines()


def downgrade() -> None:
    for table in ("person_unmerge", "person_merge_line", "person_merge", "merge_proposal", "person_alias"):
        op.drop_table(table)
    if on_postgresql():
        op.execute("DROP FUNCTION refuse_change_of_merge_line()")
    op.drop_index("ix_insured_person_birth", "insured_person")


def _row(owner: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", key(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cellule_id", key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{owner}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{owner}_public_id")),
    ]


def _of(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_cellule_id_{column}_{table}"),
    )


def _by(owner: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["user_account.id"], name=op.f(f"fk_{owner}_{column}_user_account"))


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_alias() -> None:
    op.create_table(
        "person_alias",
        *_row("person_alias"),
        sa.Column("person_id", key(), nullable=False),
        sa.Column("former_id", key(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("nir_index", sa.String(length=32), nullable=True),
        _instant("since"),
        _instant("ended_at", nullable=True),
        _of("person_alias", "person_id", "insured_person"),
        _of("person_alias", "former_id", "insured_person"),
    )
    op.create_index("ix_person_alias_search", "person_alias", ["cellule_id", "search_key"])
    op.create_index("ix_person_alias_nir", "person_alias", ["cellule_id", "nir_index"])
    op.create_index("ix_person_alias_person", "person_alias", ["cellule_id", "person_id"])
    op.create_index("ix_person_alias_former", "person_alias", ["cellule_id", "former_id"])


def _create_proposal() -> None:
    op.create_table(
        "merge_proposal",
        *_row("merge_proposal"),
        sa.Column("kept_id", key(), nullable=False),
        sa.Column("absorbed_id", key(), nullable=False),
        sa.Column("kept_case_id", key(), nullable=False),
        sa.Column("absorbed_case_id", key(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("traits", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("proposed_by_id", key(), nullable=False),
        _instant("proposed_at"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", key(), nullable=True),
        _instant("decided_at", nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("undo_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'undone') OR decided_by_id <> proposed_by_id",
            name=op.f("ck_merge_proposal_another_decides"),
        ),
        sa.CheckConstraint("kept_id <> absorbed_id", name=op.f("ck_merge_proposal_two_persons")),
        _of("merge_proposal", "kept_id", "insured_person"),
        _of("merge_proposal", "absorbed_id", "insured_person"),
        _of("merge_proposal", "kept_case_id", "case_file"),
        _of("merge_proposal", "absorbed_case_id", "case_file"),
        _by("merge_proposal", "proposed_by_id"),
        _by("merge_proposal", "decided_by_id"),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_merge_proposal_cellule_id_id")),
    )
    op.create_index("ix_merge_proposal_list", "merge_proposal", ["cellule_id", "state", "id"])
    op.create_index("ix_merge_proposal_kept", "merge_proposal", ["cellule_id", "kept_id"])
    op.create_index("ix_merge_proposal_absorbed", "merge_proposal", ["cellule_id", "absorbed_id"])


def _create_merge() -> None:
    op.create_table(
        "person_merge",
        *_row("person_merge"),
        sa.Column("proposal_id", key(), nullable=False),
        sa.Column("kept_id", key(), nullable=False),
        sa.Column("absorbed_id", key(), nullable=False),
        sa.Column("proposed_by_id", key(), nullable=False),
        sa.Column("confirmed_by_id", key(), nullable=False),
        _instant("merged_at"),
        _instant("undo_until"),
        sa.CheckConstraint("confirmed_by_id <> proposed_by_id", name=op.f("ck_person_merge_two_people")),
        _of("person_merge", "proposal_id", "merge_proposal"),
        _of("person_merge", "kept_id", "insured_person"),
        _of("person_merge", "absorbed_id", "insured_person"),
        _by("person_merge", "proposed_by_id"),
        _by("person_merge", "confirmed_by_id"),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_person_merge_proposal_id")),
        sa.UniqueConstraint("cellule_id", "id", name=op.f("uq_person_merge_cellule_id_id")),
    )
    op.create_index("ix_person_merge_kept", "person_merge", ["cellule_id", "kept_id"])
    op.create_index("ix_person_merge_absorbed", "person_merge", ["cellule_id", "absorbed_id"])
    op.create_table(
        "person_unmerge",
        *_row("person_unmerge"),
        sa.Column("merge_id", key(), nullable=False),
        sa.Column("undone_by_id", key(), nullable=False),
        _instant("undone_at"),
        _of("person_unmerge", "merge_id", "person_merge"),
        _by("person_unmerge", "undone_by_id"),
        sa.UniqueConstraint("merge_id", name=op.f("uq_person_unmerge_merge_id")),
    )


def _create_line() -> None:
    op.create_table(
        "person_merge_line",
        *_row("person_merge_line"),
        sa.Column("merge_id", key(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("row_id", key(), nullable=False),
        sa.Column("from_id", key(), nullable=True),
        sa.Column("to_id", key(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _of("person_merge_line", "merge_id", "person_merge"),
    )
    op.create_index("ix_person_merge_line_merge", "person_merge_line", ["cellule_id", "merge_id", "id"])


def _keep_lines() -> None:
    """Refuse every change of a line but a newer seal, and every deletion."""
    said = "person_merge_line is append-only"
    if not on_postgresql():
        for verb, unless in (("UPDATE", f"WHEN NOT ({_RENEWED})"), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER person_merge_line_no_{verb.lower()} BEFORE {verb} ON person_merge_line {unless} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER person_merge_line_append_only BEFORE DELETE OR TRUNCATE ON person_merge_line "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_change_of_merge_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT ({_RENEWED}) OR NOT pg_has_role(current_user, "
        "(SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') "
        f"THEN RAISE EXCEPTION '{said}'; END IF; RETURN NEW; END $$"
    )
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(f"ALTER FUNCTION refuse_change_of_merge_line() SET search_path = {schema}, pg_temp")
    op.execute(f"REVOKE ALL ON FUNCTION refuse_change_of_merge_line() FROM PUBLIC, {app_role()}")
    op.execute(
        "CREATE TRIGGER person_merge_line_only_renewed BEFORE UPDATE ON person_merge_line "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_merge_line()"
    )
