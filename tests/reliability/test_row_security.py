"""PostgreSQL shows the application's role the rows of its transaction's cellule, and nothing without one."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from pdp.core import clock, db
from pdp.core.db import Base, Database
from pdp.core.scope import OPEN_TABLES
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from tests.documents.builders import add_piece
from tests.reliability.rows import fill_every_table, named_tables
from tests.reliability.words import speaking
from tests.support.databases import as_owner
from tests.support.world import World

pytestmark = pytest.mark.postgresql

# Tables that name a cellule without being guarded, each with its reason.
EXEMPT = {
    "membership": "a sign-in reads it before it is known for whom; it names no insured person",
    "invitation": "opened by its link before anyone is signed in; it names a colleague, no insured person",
    "convocation": "opened by its link before anyone is signed in; it names a colleague, no insured person",
    "seat": "where people of services sit; it names no insured person",
    "cellule_organisation": "which bodies take part; it names no insured person",
    "governance_rules": "the rules of the cellule; it names no insured person",
}
GUARDED = sorted(table.name for table in named_tables() if table.name not in EXEMPT)
# Tables of one case that a partner's wall leaves to the application, each with its reason.
NOT_WALLED = {
    "audit_entry": "ids and codes; pages of the journal are not a partner's",
    "notice": "a kind and a path, written for other people by the one who acts",
    "outbox_mail": "a kind and a path, written for other people by the one who acts",
    "agenda_item": "a point of a séance that a partner attends without the case being shared with it",
    "agenda_trace": "that a point left the agenda, told neutrally to those who attend",
}
OF_AN_ORGANISATION = {
    "sharing_agreement",
    "departure",
    "recall",
    "recipient_notice",
    "factor_recovery",
    "factor_vouching",
}
# Tables whose rows no partner sees, shared case or not: what the insured asked, when they are kept, who they are.
SHUT_TO_PARTNERS = {"notice_given", "processing_freeze", "rights_request", "access_pack", "pack_part", "pack_mask"} | {
    "retention_contact",
    "retention_hold",
    "case_erasure",
    "minutes_reseal",
}
SHARED, NOT_SHARED = "a.shared", "a.alone"
# Cases of the base world that Cap emploi may see today, by hand.
SEEN_BY_CAP_EMPLOI = {"a.shared", "a.partial"}


def count(connection: Connection, table: str, condition: str = "true") -> int:
    return connection.execute(text(f'SELECT count(*) FROM "{table}" WHERE {condition}')).scalar_one()


def ids(connection: Connection, table: str, condition: str = "true") -> set[int]:
    return set(connection.scalars(text(f'SELECT id FROM "{table}" WHERE {condition}')))


@pytest.fixture
def filled(owner: Database, world: World) -> World:
    """The base world with rows of both cellules in every table, some on a shared case and some not."""
    cap, comete = world.organisation["a.cap_emploi"], world.organisation["a.comete"]
    requests = {name: requests_of(owner, world, name) for name in (SHARED, NOT_SHARED)}
    fill_every_table(
        owner,
        {
            "cellule_id": world.cellule["a"],
            "case_id": world.case_id[SHARED],
            "request_id": requests[SHARED],
            "organisation_id": cap,
        },
        {
            "cellule_id": world.cellule["a"],
            "case_id": world.case_id[NOT_SHARED],
            "request_id": requests[NOT_SHARED],
            "organisation_id": comete,
        },
        {"cellule_id": world.cellule["b"]},
    )
    return world


def requests_of(owner: Database, world: World, name: str) -> int:
    with owner.engine.connect() as connection:
        found = text("SELECT id FROM dispositif_request WHERE public_id = :public_id")
        return connection.execute(found, {"public_id": world.request[name]}).scalar_one()


def test_each_table_that_names_a_cellule_is_guarded_or_exempt_with_a_reason(owner: Database) -> None:
    assert set(EXEMPT) == OPEN_TABLES
    with owner.engine.connect() as connection:
        forced = set(
            connection.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        )
    assert forced == set(GUARDED)


def test_the_application_owns_nothing_and_may_only_what_its_role_may(database: Database, world: World) -> None:
    with database.engine.connect() as connection:
        role = connection.execute(text("SELECT * FROM pg_roles WHERE rolname = current_user")).one()
        owned = count(connection, "pg_class", "pg_has_role(current_user, relowner, 'MEMBER')")
        tables = set(Base.metadata.tables) | {"alembic_version"}
        rights = {
            right: {
                table
                for table in tables
                if connection.execute(
                    text("SELECT has_table_privilege(current_user, :table, :right)"), {"table": table, "right": right}
                ).scalar_one()
            }
            for right in ("SELECT", "TRUNCATE", "REFERENCES", "TRIGGER")
        }
    powers = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    assert [power for power in powers if getattr(role, power)] == []
    assert owned == 0
    assert rights == {"SELECT": tables, "TRUNCATE": set(), "REFERENCES": set(), "TRIGGER": set()}


def test_without_context_every_guarded_table_is_empty(
    database: Database, owner: Database, filled: World, figure: Callable[[str, object], None]
) -> None:
    with owner.engine.connect() as connection:
        stored = {table: count(connection, table) for table in GUARDED}
    with database.engine.connect() as connection:
        read = {table: count(connection, table) for table in GUARDED}
    assert all(stored.values())
    assert read == dict.fromkeys(GUARDED, 0)
    figure("rls.rows", f"{sum(read.values())} of {sum(stored.values())} rows of {len(GUARDED)} tables without context")


def test_another_cellule_sees_none_of_our_rows_and_its_own(database: Database, filled: World) -> None:
    a, b = filled.cellule["a"], filled.cellule["b"]
    with speaking(database, cellule=b) as connection:
        ours = {table: count(connection, table, f"cellule_id = {a}") for table in GUARDED}
        theirs = {table: count(connection, table) for table in GUARDED}
    assert ours == dict.fromkeys(GUARDED, 0)
    assert all(theirs.values())


def walled_condition(table: str, cases: str, requests: str, organisation: int) -> str | None:
    """Return, by the columns of a table, what a partner may see of it; none when no wall is promised."""
    columns = Base.metadata.tables[table].columns
    if table in NOT_WALLED:
        return None
    if table in SHUT_TO_PARTNERS:
        return "false"
    if table in OF_AN_ORGANISATION:
        return f"organisation_id = {organisation}"
    if table == "case_file":
        return f"id IN ({cases})"
    if table == "insured_person":
        return f"id IN (SELECT person_id FROM case_file WHERE id IN ({cases}))"
    if "case_id" in columns:
        return f"case_id IN ({cases})"
    return f"request_id IN ({requests})" if "request_id" in columns else None


def test_a_partner_sees_what_hangs_on_its_shared_cases_only(
    database: Database, owner: Database, filled: World, figure: Callable[[str, object], None]
) -> None:
    cellule, cap = filled.cellule["a"], filled.organisation["a.cap_emploi"]
    cases = ", ".join(str(filled.case_id[name]) for name in sorted(SEEN_BY_CAP_EMPLOI))
    requests = f"SELECT id FROM dispositif_request WHERE case_id IN ({cases})"
    wanted = {table: walled_condition(table, cases, requests, cap) for table in GUARDED}
    hidden = 0
    for table, condition in wanted.items():
        if condition is None:
            continue
        with owner.engine.connect() as connection:
            expected = ids(connection, table, f"cellule_id = {cellule} AND {condition}")
            others = ids(connection, table, f"cellule_id = {cellule}") - expected
        with speaking(database, cellule=cellule, organisation=cap, role="cap_emploi") as connection:
            assert ids(connection, table) == expected, table
        assert expected or table in SHUT_TO_PARTNERS, f"{table}: nothing shared to see"
        assert others, f"{table}: nothing to hide"
        hidden += len(others)
    walled = len([condition for condition in wanted.values() if condition])
    figure("rls.partner", f"0 of {hidden} rows that are not shared, in {walled} tables")


def test_a_role_that_is_not_said_sees_no_case(database: Database, filled: World) -> None:
    with speaking(database, cellule=filled.cellule["a"], role="") as connection:
        assert count(connection, "case_file") == 0


@pytest.mark.parametrize(
    ("case", "days", "seen"),
    [
        ("a.future", 4, False),
        ("a.future", 5, True),
        ("a.expired", 0, False),
        ("a.expired", -1, True),
        ("a.withdrawn", 0, False),
        ("a.withdrawn", -1, True),
        ("a.closed", 0, False),
        ("a.shared", -21, False),
    ],
)
def test_the_wall_follows_the_day_of_the_agreement(
    database: Database, filled: World, case: str, days: int, seen: bool
) -> None:
    cap, day = filled.organisation["a.cap_emploi"], clock.today() + timedelta(days=days)
    with speaking(database, cellule=filled.cellule["a"], organisation=cap, role="cap_emploi", day=day) as connection:
        assert count(connection, "case_file", f"id = {filled.case_id[case]}") == int(seen)


def test_a_restricted_case_is_closed_to_a_partner_until_it_is_named(
    database: Database, owner: Database, world: World
) -> None:
    cellule, cap, case = world.cellule["a"], world.organisation["a.cap_emploi"], world.case_id["a.shared"]

    def seen() -> int:
        with speaking(database, cellule=cellule, organisation=cap, role="cap_emploi") as connection:
            return count(connection, "case_file", f"id = {case}")

    assert seen() == 1
    with owner.engine.begin() as connection:
        connection.execute(text(f"UPDATE case_file SET restricted_on = '2026-01-05' WHERE id = {case}"))
    assert seen() == 0
    with owner.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO case_reader (public_id, cellule_id, case_id, organisation_id, named_by_id, named_at) "
                f"VALUES ('named', {cellule}, {case}, {cap}, {world.user['a.service_social']}, now())"
            )
        )
    assert seen() == 1


def test_nothing_of_a_frozen_person_is_shared_until_the_restriction_is_lifted(
    database: Database, owner: Database, filled: World, figure: Callable[[str, object], None]
) -> None:
    cellule, cap, case = filled.cellule["a"], filled.organisation["a.cap_emploi"], filled.case_id["a.shared"]
    person = f"id = (SELECT person_id FROM case_file WHERE id = {case})"
    tables = {"case_file": f"id = {case}", "insured_person": ""}
    with owner.engine.connect() as connection:
        tables["insured_person"] = (
            f"id = {connection.scalar(text(f'SELECT person_id FROM case_file WHERE id = {case}'))}"
        )
    for table in ("stoppage", "document", "dispositif_request", "rectification", "rectification_decision", "action"):
        tables[table] = f"case_id = {case}"

    def seen() -> dict[str, int]:
        with speaking(database, cellule=cellule, organisation=cap, role="cap_emploi") as connection:
            return {table: count(connection, table, condition) for table, condition in tables.items()}

    before = seen()
    assert all(before.values()), before
    for frozen_on, expected in (("'2026-01-05'", dict.fromkeys(tables, 0)), ("NULL", before)):
        with owner.engine.begin() as connection:
            connection.execute(text(f"UPDATE insured_person SET frozen_on = {frozen_on} WHERE {person}"))
        assert seen() == expected
    figure("rls.frozen", f"{sum(before.values())} rows of {len(tables)} tables seen before, 0 while frozen")


# Written by hand: the roles that read a note of a compartment.
COMPARTMENTS = {"medical": {"service_medical"}, "social": {"service_social", "manager"}}


@pytest.mark.parametrize("label", COMPARTMENTS)
def test_a_compartment_opens_to_its_own_role_only(
    database: Database, owner: Database, filled: World, label: str
) -> None:
    cellule, case = filled.cellule["a"], filled.case_id[SHARED]
    note = (
        "INSERT INTO case_note (public_id, cellule_id, case_id, label, text, author_id, written_at) VALUES "
        f"('note', {cellule}, {case}, '{label}', '', {filled.user['a.service_medical']}, now())"
    )
    with owner.engine.begin() as connection:
        connection.execute(text(note))
    cap = filled.organisation["a.cap_emploi"]
    roles = ("service_medical", "service_social", "manager", "cpam", "coordinateur", "csam", "dpo", "admin", "spst")
    readers, writers = set(), set()
    for role in (*roles, "cap_emploi", "upkeep"):
        with speaking(database, cellule=cellule, organisation=cap, role=role) as connection:
            if count(connection, "case_note", f"label = '{label}'"):
                readers.add(role)
            try:
                connection.execute(text(note.replace("'note'", "'another'")))
                writers.add(role)
            except ProgrammingError:
                pass
    assert readers == COMPARTMENTS[label]
    assert writers == COMPARTMENTS[label]


@pytest.mark.parametrize("label", COMPARTMENTS)
def test_a_piece_of_a_compartment_opens_to_its_role_and_to_the_jobs(
    database: Database, filled: World, label: str
) -> None:
    with as_owner():
        add_piece(filled, SHARED, label=Label(label))
    cellule, cap = filled.cellule["a"], filled.organisation["a.cap_emploi"]
    readers = set()
    for role in (*(each.value for each in Role), "upkeep"):
        with speaking(database, cellule=cellule, organisation=cap, role=role) as connection:
            if count(connection, "document", f"label = '{label}'"):
                readers.add(role)
    assert readers == COMPARTMENTS[label] | {"upkeep"}


def refused_by_row_security(connection: Connection, statement: str, **values: str) -> bool:
    """Tell whether row security refused a statement, whatever else would have."""
    try:
        connection.execute(text(statement), values)
    except DBAPIError as error:
        return "violates row-level security policy" in str(error)
    return False


def test_a_row_is_neither_written_for_another_cellule_nor_without_one(
    database: Database, owner: Database, filled: World, figure: Callable[[str, object], None]
) -> None:
    a, b = filled.cellule["a"], filled.cellule["b"]
    refused, tried = [], [(table, cellule) for table in GUARDED for cellule in (str(b), "")]
    for table, cellule in tried:
        row = f"SELECT to_jsonb(t) || jsonb_build_object('id', -id) FROM {table} t WHERE cellule_id = {a} LIMIT 1"
        with owner.engine.connect() as connection:
            ours = json.dumps(connection.execute(text(row)).scalar_one())
        with speaking(database, cellule=cellule, role="manager") as connection:
            copied = f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, :ours)).*"
            if refused_by_row_security(connection, copied, ours=ours):
                refused.append((table, cellule))
    assert refused == tried
    figure("rls.foreign", f"{len(refused)} of {len(tried)} insertions for another cellule refused")


def test_a_row_is_not_moved_to_another_cellule(database: Database, filled: World) -> None:
    a, b = filled.cellule["a"], filled.cellule["b"]
    with database.engine.connect() as connection:
        may = text("SELECT has_table_privilege(current_user, :table, 'UPDATE')")
        tables = [table for table in GUARDED if connection.execute(may, {"table": table}).scalar_one()]
    assert {"case_file", "insured_person", "meeting", "ballot", "sharing_agreement"} <= set(tables)
    for table in tables:
        with speaking(database, cellule=a, role="manager") as connection:
            assert refused_by_row_security(connection, f"UPDATE {table} SET cellule_id = {b}"), table


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_the_words_of_a_transaction_do_not_outlive_it(
    database: Database, world: World, actor_of: Callable[[str], Actor], end: str
) -> None:
    own = Database(database.url, pool_size=1, max_overflow=0)
    actor = actor_of("a.coordinateur")
    db.bind(own)
    try:
        with db.reading(actor) as session:
            process = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            assert session.execute(text("SELECT count(*) FROM case_file")).scalar_one() > 0
            if end == "rollback":
                session.rollback()
        with own.engine.connect() as connection:
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == process
            assert connection.execute(text("SELECT current_setting('pdp.cellule', true)")).scalar_one() == ""
            assert count(connection, "case_file") == 0
    finally:
        own.engine.dispose()
        db.bind(database)
