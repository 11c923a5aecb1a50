"""0017_retention: how long a case is kept, and the one way in which its rows may go.

A case is hidden (`case_file.hidden_on`), then erased. `erasure_step` says, in order, what goes with it:
PostgreSQL's `erase_case` carries it out as the owner, since the application may delete next to nothing;
on SQLite the application does, under the same triggers. Tables that are only added to let a row go when
`case_erasure` says that its case is being erased, which the database accepts seven days after the hiding
at the earliest, by its own clock. Minutes change only where `minutes_reseal` says which seal takes the
place of which.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from walls import NOTHING, app_role, grant, keep_rows, key, on_postgresql, protect

revision = "0017_retention"
down_revision = "0016_notices_given"
branch_labels = None
depends_on = None

BY_CASE = "cellule_id = :cellule AND case_id = :case"
_REQUESTS = f"(SELECT id FROM dispositif_request WHERE {BY_CASE})"
_ITEMS = f"(SELECT id FROM agenda_item WHERE cellule_id = :cellule AND request_id IN {_REQUESTS})"
_BALLOTS = f"(SELECT id FROM ballot WHERE cellule_id = :cellule AND item_id IN {_ITEMS})"
BY_REQUEST = f"cellule_id = :cellule AND request_id IN {_REQUESTS}"
BY_ITEM = f"cellule_id = :cellule AND item_id IN {_ITEMS}"
BY_BALLOT = f"cellule_id = :cellule AND ballot_id IN {_BALLOTS}"
ALONE = (
    "NOT EXISTS (SELECT 1 FROM case_file c WHERE c.cellule_id = :cellule AND c.person_id = :person AND c.id <> :case)"
)
BY_PERSON = f"cellule_id = :cellule AND person_id = :person AND {ALONE}"
_EMERGENCY = ", ".join(
    f"emergency_{name} = NULL" for name in ("access_id", "cellule_id", "case_id", "reference", "until")
)

_MASKS = f"cellule_id = :cellule AND part_id IN (SELECT id FROM pack_part WHERE {BY_CASE})"

# In order: what refers to a row goes before it.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("user_session", "emergency_cellule_id = :cellule AND emergency_case_id = :case", _EMERGENCY),
    ("meeting", f"cellule_id = :cellule AND current_item_id IN {_ITEMS}", "current_item_id = NULL"),
    ("vote", BY_BALLOT, ""),
    ("ballot_voter", BY_BALLOT, ""),
    ("ballot", BY_ITEM, ""),
    ("cellule_opinion", BY_ITEM, ""),
    ("action", BY_CASE, ""),
    ("agenda_trace", BY_REQUEST, ""),
    ("agenda_item", BY_REQUEST, ""),
    ("request_outcome", BY_REQUEST, ""),
    ("fund_decision", BY_REQUEST, ""),
    ("human_answer", BY_REQUEST, ""),
    ("eligibility_snapshot", BY_REQUEST, ""),
    ("required_piece", BY_REQUEST, ""),
    ("pack_mask", _MASKS, ""),
    ("pack_part", BY_CASE, ""),
    ("access_pack", BY_PERSON, ""),
    # The register of requests keeps its codes and dates, without whose they were.
    ("rights_request", BY_CASE, "case_id = NULL"),
    ("recipient_notice", BY_CASE, ""),
    ("rectification_decision", BY_CASE, ""),
    ("rectification", BY_CASE, ""),
    ("notice_given", BY_CASE, ""),
    ("processing_freeze", BY_CASE, ""),
    ("advice_reply", BY_CASE, ""),
    ("advice_ask", BY_CASE, ""),
    ("advice_piece", BY_CASE, ""),
    ("advice_round", BY_CASE, ""),
    ("document", BY_CASE, ""),
    ("document_body", BY_CASE, ""),
    ("dispositif_request", BY_CASE, ""),
    ("departure", BY_CASE, ""),
    ("recall", BY_CASE, ""),
    ("sharing_agreement", BY_CASE, ""),
    ("notice", BY_CASE, ""),
    ("outbox_mail", BY_CASE, ""),
    ("case_note", BY_CASE, ""),
    ("encounter", BY_CASE, ""),
    ("stoppage", BY_CASE, ""),
    ("activity", BY_CASE, ""),
    ("case_reader", BY_CASE, ""),
    ("emergency_access", BY_CASE, ""),
    ("retention_contact", BY_CASE, ""),
    ("retention_hold", BY_CASE, ""),
    ("case_file", "cellule_id = :cellule AND id = :case", ""),
    ("insured_person", f"cellule_id = :cellule AND id = :person AND {ALONE}", ""),
)

# Tables that are only added to, and by what their rows lead to a case.
KEPT = {
    "advice_reply": "case",
    "agenda_trace": "request",
    "ballot_voter": "ballot",
    "case_note": "case",
    "cellule_opinion": "item",
    "departure": "case",
    "emergency_access": "case",
    "eligibility_snapshot": "request",
    "fund_decision": "request",
    "human_answer": "request",
    "notice_given": "case",
    "recipient_notice": "case",
    "rectification": "case",
    "rectification_decision": "case",
    "request_outcome": "request",
    "vote": "ballot",
}
# On PostgreSQL, what the trigger on whole statements still refuses, where it is not UPDATE and TRUNCATE.
_STATEMENTS = {"case_note": "TRUNCATE", "emergency_access": "TRUNCATE"}
_NAMES = {"emergency_access": "emergency_access_kept"}
_LEADS = {
    "case": "OLD.case_id",
    "request": "(SELECT r.case_id FROM dispositif_request r WHERE r.id = OLD.request_id)",
    "item": (
        "(SELECT r.case_id FROM agenda_item i JOIN dispositif_request r ON r.id = i.request_id "
        "WHERE i.id = OLD.item_id)"
    ),
    "ballot": (
        "(SELECT r.case_id FROM ballot b JOIN agenda_item i ON i.id = b.item_id "
        "JOIN dispositif_request r ON r.id = i.request_id WHERE b.id = OLD.ballot_id)"
    ),
}
_ERASING = "EXISTS (SELECT 1 FROM case_erasure e WHERE e.state = 'erasing' AND e.case_id = {case})"
_RESEALED = (
    "EXISTS (SELECT 1 FROM minutes_reseal t JOIN case_erasure e ON e.case_id = t.case_id AND e.state = 'erasing' "
    "WHERE t.version_id = OLD.{owner} AND t.part = {part} AND t.old_hash = OLD.{seal} AND t.new_hash = NEW.{seal} "
    "AND NEW.id = OLD.id AND NEW.{parent} = OLD.{parent})"
)
MINUTES = {
    "minutes_version": _RESEALED.format(owner="id", part="'content'", seal="content_hash", parent="minutes_id"),
    "minutes_file": _RESEALED.format(owner="version_id", part="OLD.format", seal="sha256", parent="version_id"),
}
_FORWARD = (
    "NEW.id = OLD.id AND NEW.cellule_id = OLD.cellule_id AND NEW.case_id = OLD.case_id "
    "AND NEW.hidden_at = OLD.hidden_at AND ("
    "(OLD.state = 'hidden' AND NEW.state = 'restored') "
    "OR (OLD.state = 'hidden' AND NEW.state = 'erasing' AND OLD.hidden_at <= {limit}) "
    "OR (OLD.state = 'erasing' AND NEW.state = 'erased' AND NEW.certificate IS NOT NULL) "
    "OR (OLD.state = 'erased' AND NEW.state = 'erased' AND NEW.certificate = OLD.certificate "
    "AND OLD.written_at IS NULL))"
)
_SQLITE_LIMIT = "strftime('%Y-%m-%d %H:%M:%f', 'now', '-7 days')"
_POSTGRES_LIMIT = "now() - interval '7 days'"


def upgrade() -> None:
    op.add_column("case_file", sa.Column("hidden_on", sa.Date(), nullable=True))
    _create_tables()
    op.bulk_insert(
        sa.table(
            "erasure_step",
            *(sa.column(name) for name in ("position", "table_name", "condition", "assignment")),
        ),
        [
            # Gaps are left for the tables of later revisions.
            {"position": 10 * place, "table_name": table, "condition": condition, "assignment": assignment}
            for place, (table, condition, assignment) in enumerate(STEPS, start=1)
        ],
    )
    for table in ("retention_rules", "closed_case_tally", "retention_run", "case_erasure", "retention_hold"):
        protect(table, partners=NOTHING)
    for table in ("retention_contact", "minutes_reseal"):
        protect(table, partners=NOTHING)
        grant(table, ("SELECT", "INSERT"))
    grant("retention_rules", ("SELECT", "INSERT"))
    for table in ("closed_case_tally", "retention_run", "case_erasure", "retention_hold"):
        grant(table)
    keep_rows("retention_rules")
    keep_rows("minutes_reseal")
    if on_postgresql():
        op.execute(f"GRANT SELECT ON erasure_step TO {app_role()}")
        _guard_postgres()
    else:
        _guard_sqlite()


def downgrade() -> None:
    if on_postgresql():
        _unguard_postgres()
    else:
        _unguard_sqlite()
    for table in (
        "erasure_step",
        "minutes_reseal",
        "closed_case_tally",
        "retention_run",
        "case_erasure",
        "retention_hold",
        "retention_contact",
        "retention_rules",
    ):
        op.drop_table(table)
    op.drop_column("case_file", "hidden_on")


def _word(name: str, length: int = 40, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, key(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _to(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _of(owner: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cellule_id", column],
        [f"{table}.cellule_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_cellule_id_{column}_{table}"),
    )


def _table(name: str, *parts: Any, public: bool = True) -> None:
    keys: list[Any] = [_id("id"), *([_word("public_id", 32)] if public else [])]
    unique = [sa.UniqueConstraint("public_id", name=op.f(f"uq_{name}_public_id"))] if public else []
    op.create_table(name, *keys, *parts, *unique, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))


def _create_tables() -> None:
    _table(
        "retention_rules",
        _id("cellule_id"),
        _day("valid_from"),
        *map(_number, ("months", "notice_days", "hidden_days", "cap_percent", "cap_cases")),
        _id("decided_by_id"),
        _instant("decided_at"),
        _to("retention_rules", "cellule_id", "cellule"),
        _to("retention_rules", "decided_by_id", "user_account"),
        sa.UniqueConstraint("cellule_id", "valid_from", name=op.f("uq_retention_rules_cellule_id_valid_from")),
    )
    _table(
        "retention_contact",
        _id("cellule_id"),
        _id("case_id"),
        _day("contacted_on"),
        _word("means"),
        _word("reason", 500),
        _id("recorded_by_id"),
        _instant("recorded_at"),
        _of("retention_contact", "case_id", "case_file"),
        _to("retention_contact", "recorded_by_id", "user_account"),
    )
    op.create_index("ix_retention_contact_case", "retention_contact", ["cellule_id", "case_id"])
    _table(
        "retention_hold",
        _id("cellule_id"),
        _id("case_id"),
        _word("reason", 500),
        _id("placed_by_id"),
        _day("placed_on"),
        _day("review_on"),
        _day("reviewed_on", nullable=True),
        _id("reviewed_by_id", nullable=True),
        _word("lift_reason", 500),
        _id("lift_asked_by_id", nullable=True),
        _instant("lift_asked_at", nullable=True),
        _id("lifted_by_id", nullable=True),
        _instant("lifted_at", nullable=True),
        _number("version"),
        _of("retention_hold", "case_id", "case_file"),
        *(
            _to("retention_hold", f"{who}_id", "user_account")
            for who in ("placed_by", "reviewed_by", "lift_asked_by", "lifted_by")
        ),
    )
    op.create_index("ix_retention_hold_case", "retention_hold", ["cellule_id", "case_id"])
    _create_the_lasting_tables()


def _create_the_lasting_tables() -> None:
    _table(
        "case_erasure",
        _id("cellule_id"),
        _id("case_id"),
        _word("state"),
        _day("last_contact_on"),
        _instant("hidden_at"),
        _day("erase_on"),
        _instant("ended_at", nullable=True),
        _id("ended_by_id", nullable=True),
        _word("case_mark", 64),
        _word("person_mark", 64),
        _word("certificate", 80, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        _instant("written_at", nullable=True),
        _to("case_erasure", "cellule_id", "cellule"),
        _to("case_erasure", "ended_by_id", "user_account"),
    )
    op.create_index("ix_case_erasure_case", "case_erasure", ["cellule_id", "case_id"])
    hidden = sa.text("state = 'hidden'")
    op.create_index(
        "uq_case_erasure_hidden",
        "case_erasure",
        ["case_id"],
        unique=True,
        sqlite_where=hidden,
        postgresql_where=hidden,
    )
    _table(
        "retention_run",
        _id("cellule_id"),
        _instant("at"),
        _word("state"),
        _word("stop", nullable=True),
        _word("detail", 500),
        *map(_number, ("base", "cap", "to_hide", "to_erase", "hidden", "erased")),
        _id("coordinator_id", nullable=True),
        _instant("coordinator_at", nullable=True),
        _id("officer_id", nullable=True),
        _instant("officer_at", nullable=True),
        _to("retention_run", "cellule_id", "cellule"),
        _to("retention_run", "coordinator_id", "user_account"),
        _to("retention_run", "officer_id", "user_account"),
    )
    op.create_index("ix_retention_run_list", "retention_run", ["cellule_id", "id"])
    words = ("measure", "month", "status_group", "dispositif", "code")
    _table(
        "closed_case_tally",
        _id("cellule_id"),
        *(_word(name, 7 if name == "month" else 40) for name in words),
        _number("count"),
        _to("closed_case_tally", "cellule_id", "cellule"),
        sa.UniqueConstraint("cellule_id", *words, name=op.f("uq_closed_case_tally_line")),
        public=False,
    )
    _table(
        "minutes_reseal",
        _id("cellule_id"),
        _id("version_id"),
        _id("case_id"),
        _word("part", 10),
        _word("old_hash", 64),
        _word("new_hash", 64),
        _instant("at"),
        _of("minutes_reseal", "version_id", "minutes_version"),
        public=False,
    )
    op.create_index("ix_minutes_reseal_version", "minutes_reseal", ["cellule_id", "version_id"])
    _table(
        "erasure_step",
        _number("position"),
        _word("table_name", 63),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.UniqueConstraint("position", name=op.f("uq_erasure_step_position")),
        public=False,
    )


def _guard_sqlite() -> None:
    for table, lead in {**KEPT, "retention_contact": "case"}.items():
        if table != "retention_contact":
            op.execute(f"DROP TRIGGER {table}_no_delete")
        erasing = _ERASING.format(case=_LEADS[lead])
        _refuse(f"{table}_no_delete", f"DELETE ON {table}", f"NOT {erasing}", f"{table} is append-only")
    _refuse("retention_contact_no_update", "UPDATE ON retention_contact", "", "retention_contact is append-only")
    for table, resealed in MINUTES.items():
        op.execute(f"DROP TRIGGER {table}_no_update")
        _refuse(f"{table}_no_update", f"UPDATE ON {table}", f"NOT {resealed}", f"{table} is append-only")
    _refuse("case_erasure_no_delete", "DELETE ON case_erasure", "", "case_erasure is append-only")
    _refuse("case_erasure_begins", "INSERT ON case_erasure", "NEW.state <> 'hidden'", "case_erasure begins hidden")
    _refuse(
        "case_erasure_forward",
        "UPDATE ON case_erasure",
        f"NOT ({_FORWARD.format(limit=_SQLITE_LIMIT)})",
        "case_erasure only moves forward",
    )


def _refuse(name: str, event: str, condition: str, message: str) -> None:
    when = f"WHEN {condition} " if condition else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _unguard_sqlite() -> None:
    for table in KEPT:
        op.execute(f"DROP TRIGGER {table}_no_delete")
        _refuse(f"{table}_no_delete", f"DELETE ON {table}", "", f"{table} is append-only")
    for table in MINUTES:
        op.execute(f"DROP TRIGGER {table}_no_update")
        _refuse(f"{table}_no_update", f"UPDATE ON {table}", "", f"{table} is append-only")


def _function(name: str, returns: str, body: str, *, definer: bool = False) -> None:
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    rights = "SECURITY DEFINER " if definer else ""
    for word in ("cellule", "case", "person"):
        # They are words of the function, no parameters of this statement.
        body = body.replace(f"':{word}'", f"'\\:{word}'")
    op.execute(
        f"CREATE FUNCTION {name} RETURNS {returns} LANGUAGE plpgsql {rights}"
        f"SET search_path = {schema}, pg_temp AS $$ {body} $$"
    )
    if definer:
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {app_role()}")


def _guard_postgres() -> None:
    for lead, case in _LEADS.items():
        _function(
            f"refuse_lone_row_by_{lead}()",
            "trigger",
            f"BEGIN IF NOT {_ERASING.format(case=case)} THEN "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN OLD; END",
        )
    for table, lead in {**KEPT, "retention_contact": "case"}.items():
        if table != "retention_contact":
            op.execute(f"DROP TRIGGER {_NAMES.get(table, f'{table}_append_only')} ON {table}")
        _append_only(table, _STATEMENTS.get(table, "UPDATE OR TRUNCATE"))
        op.execute(
            f"CREATE TRIGGER {table}_erased_with_its_case BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_lone_row_by_{lead}()"
        )
    for table, resealed in MINUTES.items():
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        _append_only(table, "DELETE OR TRUNCATE")
        _function(
            f"refuse_unsaid_{table}()",
            "trigger",
            f"BEGIN IF NOT {resealed} THEN RAISE EXCEPTION '{table} is append-only'; END IF; RETURN NEW; END",
        )
        op.execute(
            f"CREATE TRIGGER {table}_resealed BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_unsaid_{table}()"
        )
    _guard_certificates()
    _create_the_ways()


def _append_only(table: str, verbs: str) -> None:
    name = _NAMES.get(table, f"{table}_append_only")
    op.execute(f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def _guard_certificates() -> None:
    _append_only("case_erasure", "DELETE OR TRUNCATE")
    _function(
        "refuse_backward_erasure()",
        "trigger",
        "BEGIN IF TG_OP = 'INSERT' THEN IF NEW.state <> 'hidden' THEN "
        "RAISE EXCEPTION 'case_erasure begins hidden'; END IF; "
        f"ELSIF NOT ({_FORWARD.format(limit=_POSTGRES_LIMIT)}) THEN "
        "RAISE EXCEPTION 'case_erasure only moves forward'; END IF; RETURN NEW; END",
    )
    op.execute(
        # After row security has looked at the row: a row of another cellule is refused as such.
        "CREATE TRIGGER case_erasure_forward AFTER INSERT OR UPDATE ON case_erasure "
        "FOR EACH ROW EXECUTE FUNCTION refuse_backward_erasure()"
    )


_OF_THE_CELLULE = "cellule_id = nullif(current_setting('pdp.cellule', true), '')::bigint"
_HERE = (
    "IF wanted_cellule IS DISTINCT FROM nullif(current_setting('pdp.cellule', true), '')::bigint THEN "
    "RAISE EXCEPTION 'the transaction runs for another cellule'; END IF; "
    "PERFORM set_config('pdp.upkeep', 'on', true); "
)
_SAID = (
    "replace(replace(replace(step.condition, ':cellule', wanted_cellule::text), ':case', wanted_case::text), "
    "':person', person::text)"
)
_LOOP = (
    "SELECT person_id INTO person FROM case_file WHERE cellule_id = wanted_cellule AND id = wanted_case; "
    "IF person IS NULL THEN RAISE EXCEPTION 'there is no such case'; END IF; "
    "FOR step IN SELECT * FROM erasure_step {only} ORDER BY position LOOP {act}; "
    "counts := counts || jsonb_build_object(step.table_name, gone); END LOOP; "
    "PERFORM set_config('pdp.upkeep', '', true); RETURN counts; END"
)
_CASE_OF = "(wanted_cellule bigint, wanted_case bigint)"
_DECLARE = "DECLARE step record; person bigint; gone bigint; counts jsonb := '{}'; BEGIN "


def _create_the_ways() -> None:
    """Create what erases a case, what weighs it first, and what changes its minutes: they run as the owner."""
    certified = (
        "IF NOT EXISTS (SELECT 1 FROM case_erasure WHERE cellule_id = wanted_cellule AND case_id = wanted_case "
        "AND state = 'erasing') THEN RAISE EXCEPTION 'the case has no certificate'; END IF; "
        # The certificate is the application's word; that nobody sees the case any more is a fact of its row.
        "IF EXISTS (SELECT 1 FROM case_file WHERE cellule_id = wanted_cellule AND id = wanted_case "
        "AND hidden_on IS NULL) THEN RAISE EXCEPTION 'the case is not hidden'; END IF; "
    )
    act = (
        "IF step.assignment = '' THEN EXECUTE format('DELETE FROM %I WHERE ', step.table_name) || " + _SAID + "; "
        "ELSE EXECUTE format('UPDATE %I SET ', step.table_name) || step.assignment || ' WHERE ' || " + _SAID + "; "
        "END IF; GET DIAGNOSTICS gone = ROW_COUNT"
    )
    _function(
        f"erase_case{_CASE_OF}", "jsonb", _DECLARE + _HERE + certified + _LOOP.format(only="", act=act), definer=True
    )
    weigh = "EXECUTE format('SELECT count(*) FROM %I WHERE ', step.table_name) || " + _SAID + " INTO gone"
    only = "WHERE assignment = ''"
    _function(f"weigh_case{_CASE_OF}", "jsonb", _DECLARE + _HERE + _LOOP.format(only=only, act=weigh), definer=True)
    for name, change in (
        (
            "reseal_minutes_version(wanted bigint, new_content json, new_hash text)",
            "minutes_version SET content = new_content, content_hash = new_hash",
        ),
        (
            "reseal_minutes_file(wanted bigint, new_body bytea, new_hash text)",
            "minutes_file SET body = new_body, size = length(new_body), sha256 = new_hash",
        ),
    ):
        _function(
            name,
            "void",
            "BEGIN PERFORM set_config('pdp.upkeep', 'on', true); "
            f"UPDATE {change} WHERE id = wanted AND {_OF_THE_CELLULE}; "
            "PERFORM set_config('pdp.upkeep', '', true); END",
            definer=True,
        )


def _unguard_postgres() -> None:
    for name in (
        "erase_case(bigint, bigint)",
        "weigh_case(bigint, bigint)",
        "reseal_minutes_version(bigint, json, text)",
        "reseal_minutes_file(bigint, bytea, text)",
    ):
        op.execute(f"DROP FUNCTION {name}")
    for table in {**KEPT, "retention_contact": "case"}:
        op.execute(f"DROP TRIGGER {table}_erased_with_its_case ON {table}")
        op.execute(f"DROP TRIGGER {_NAMES.get(table, f'{table}_append_only')} ON {table}")
        if table != "retention_contact":
            _append_only(table, _STATEMENTS.get(table, "UPDATE OR TRUNCATE").replace("TRUNCATE", "DELETE OR TRUNCATE"))
    for table in MINUTES:
        op.execute(f"DROP TRIGGER {table}_resealed ON {table}")
        op.execute(f"DROP FUNCTION refuse_unsaid_{table}()")
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        _append_only(table, "UPDATE OR DELETE OR TRUNCATE")
    op.execute("DROP TRIGGER case_erasure_forward ON case_erasure")
    op.execute("DROP FUNCTION refuse_backward_erasure()")
    for lead in _LEADS:
        op.execute(f"DROP FUNCTION refuse_lone_row_by_{lead}()")
