"""The chain: what it costs, what it survives, and where it begins on an installation that is upgraded."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pdp.audit import anchors, verification
from pdp.audit import service as audit
from pdp.audit.models import AuditEntry, AuditSegment
from pdp.audit.verification import JournalBroken
from pdp.core import clock, crypto, db, schema
from pdp.core.crypto import Keyring
from pdp.core.db import Database
from tests.audit import builders
from tests.support.databases import as_owner
from tests.support.world import World

THREADS, EACH = 8, 25
Figure = Callable[[str, object], None]


@pytest.mark.parametrize("entries", [1, 40])
def test_a_transaction_pays_three_statements_for_the_journal_whatever_it_records(
    world: World, count_queries: Callable[[], Any], entries: int, figure: Figure
) -> None:
    with count_queries() as seen, db.transaction(db.Upkeep(world.cellule["a"])):
        for _ in range(entries):
            audit.record(None, "tests.act")
    assert len(seen) == 3, seen
    figure("journal.queries", "3 statements per writing transaction, for 1 entry as for 40")


def test_a_transaction_that_fails_leaves_no_gap(world: World) -> None:
    cellule = world.cellule["a"]
    builders.write(cellule, 2)
    with pytest.raises(ZeroDivisionError):
        _fail(cellule)
    builders.write(cellule, 2)
    verification.verify()
    assert actions(cellule, "tests.lost") == []


def test_an_entry_that_cannot_be_sealed_stops_the_act(world: World) -> None:
    with pytest.raises(TypeError), db.transaction(db.Upkeep(world.cellule["a"])):
        audit.record(None, "tests.act", when=clock.now())
    verification.verify()


def test_everything_that_json_holds_is_sealed_and_read_back_alike(world: World) -> None:
    detail = {"z": "É\u00a0\u2028\x1b[31m\r\n{}%s", "a": [1.5, None, True, 10**15], "nested": {"b": 1, "a": "’"}}
    builders.write(world.cellule["a"], 3, **detail)
    verification.verify()
    with as_owner() as session:
        stored = session.scalars(select(AuditEntry).where(AuditEntry.action == "tests.act")).first()
    assert stored is not None
    assert stored.detail == detail | {"number": 0}


def test_8_writers_at_once_break_no_chain(world: World, engine_name: str, figure: Figure) -> None:
    failures: list[BaseException] = []
    cellules = (0, world.cellule["a"], world.cellule["b"])

    def act(number: int) -> None:
        for turn in range(EACH):
            try:
                with db.transaction(db.Upkeep(cellules[(number + turn) % 3])):
                    for _ in range(1 + turn % 3):
                        audit.record(None, "tests.race", writer=number)
                    if turn % 5 == 4:
                        db.before_commit(_divide)
            except ZeroDivisionError:
                continue
            except BaseException as error:
                failures.append(error)

    started = clock.now()
    threads = [threading.Thread(target=act, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = (clock.now() - started).total_seconds()
    assert failures == []
    # Turns 0 to 24 record 1, 2, 3, 1, 2… entries; each fifth turn fails, its entries sealed: 49 less 9.
    per_writer = sum(1 + turn % 3 for turn in range(EACH) if turn % 5 != 4)
    assert per_writer == 40
    with as_owner() as session:
        written = session.scalars(select(AuditEntry.id).where(AuditEntry.action == "tests.race")).all()
    assert len(written) == THREADS * per_writer
    verification.verify()
    figure("journal.race", f"{engine_name}: {THREADS} writers, {len(written)} entries, 0 breaks, {seconds:.1f} s")


def test_an_entry_of_the_last_minute_of_a_month_is_in_that_month(world: World) -> None:
    # 30 September 2026 at 23:59:59 in Paris is 21:59:59 in UTC; one second later is October.
    last = datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC)
    for second, month in ((last, "2026-09"), (last.replace(hour=22, minute=0, second=0), "2026-10")):
        with clock.acting_at(second):
            builders.write(world.cellule["a"])
        with as_owner() as session:
            months = session.scalars(
                select(AuditSegment.month)
                .join(AuditEntry, AuditEntry.segment_id == AuditSegment.id)
                .where(AuditEntry.at == second)
            ).all()
        assert months == [month]


def test_a_new_key_seals_the_new_segments_and_the_old_ones_still_verify(journal: tuple[int, ...]) -> None:
    old = crypto.ring().keys[1]
    crypto.load(Keyring({1: old, 2: bytes(range(32, 64))}, 2))
    builders.write(journal[1], 2)
    with clock.acting_at(builders.months_ago(5)):
        builders.write(journal[1], 2)
    anchors.write()
    verification.verify()
    with as_owner() as session:
        keys = session.execute(select(AuditSegment.month, AuditSegment.key_id)).all()
    assert {key for month, key in keys if month == f"{builders.months_ago(5):%Y-%m}"} == {2}
    crypto.load(Keyring({2: bytes(range(32, 64))}, 2))
    with pytest.raises(JournalBroken, match="sealed with key 1, which this installation does not hold"):
        verification.verify()


def test_rows_of_before_the_sealing_are_counted_by_the_first_sealed_entry(world: World, owner: Database) -> None:
    cellule = world.cellule["a"]
    schema.downgrade(owner.engine, "0002_append_only")
    with owner.engine.begin() as connection:
        before = connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE cellule_id = :cellule"), {"cellule": cellule}
        )
    schema.upgrade(owner.engine)
    builders.write(cellule, 2)
    builders.write(0, 1)
    report = verification.verify()
    assert report.unsealed >= before
    with as_owner() as session:
        first = session.scalars(select(AuditEntry).where(AuditEntry.action == "journal.sealed_from")).all()
    assert {entry.cellule_id: entry.detail["count"] for entry in first if entry.detail}[cellule] == before
    with builders.tampering(owner) as connection:
        segment = connection.scalar(
            text("SELECT id FROM audit_segment WHERE cellule_key = :cellule AND NOT sealed"), {"cellule": cellule}
        )
        connection.execute(
            builders.ENTRY.insert().values(
                at=clock.now(), cellule_id=cellule, action="x", refused=False, segment_id=segment, sequence=before + 1
            )
        )
        connection.execute(text("UPDATE audit_segment SET last_sequence = last_sequence + 1 WHERE NOT sealed"))
    with pytest.raises(JournalBroken, match=f"{before + 1} unsealed entries, where {before} were counted"):
        verification.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_segment",
        "UPDATE audit_segment SET last_sequence = last_sequence - 1",
        "UPDATE audit_segment SET month = '2020-01'",
        "UPDATE audit_segment SET destroyed_at = opened_at, certificate = 'x'",
        "INSERT INTO audit_segment (cellule_key, month, sealed, key_id, last_sequence, last_seal, opened_at, "
        "destroyed_at, certificate) SELECT cellule_key, '2020-01', sealed, key_id, 1, '', opened_at, opened_at, 'x' "
        "FROM audit_segment",
    ],
)
@pytest.mark.parametrize("role", ["application", "owner"])
def test_neither_the_application_nor_the_owner_can_change_the_journal_in_plain_sql(
    journal: tuple[int, ...], database: Database, owner: Database, role: str, statement: str
) -> None:
    engine = (database if role == "application" else owner).engine
    with engine.begin() as connection:
        before = connection.scalar(text("SELECT count(*) FROM audit_segment"))
    with engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT set_config('pdp.cellule', '1', false)"))
        with pytest.raises(DBAPIError, match=r"append-only|moves forward|begins open|permission denied"):
            connection.execute(text(statement))
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_segment")) == before
    verification.verify()


def _divide() -> None:
    raise ZeroDivisionError


def _fail(cellule: int) -> None:
    """Fail after the entry was sealed and written, just before the commit."""
    with db.transaction(db.Upkeep(cellule)):
        audit.record(None, "tests.lost")
        db.before_commit(_divide)


def actions(cellule_id: int, action: str) -> list[int]:
    with as_owner() as session:
        return list(
            session.scalars(
                select(AuditEntry.id).where(AuditEntry.cellule_id == cellule_id, AuditEntry.action == action)
            )
        )
