"""The end of the journal's months: whole segments, old enough by the database's clock, with a certificate."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from pdp.audit import anchors, retention, verification
from pdp.audit.models import AuditEntry, AuditSegment
from pdp.audit.verification import JournalBroken
from pdp.core import clock
from pdp.core.db import Database
from tests.audit import builders
from tests.support.databases import as_owner
from tests.support.world import World


def oldest() -> datetime:
    with as_owner() as session:
        found = session.scalar(select(func.min(AuditEntry.at)).where(AuditEntry.action == "tests.act"))
    assert found is not None
    return found


def year_before(instant: datetime) -> datetime:
    """Return the first instant of the month, twelve months before: nothing older may be kept, nothing later goes."""
    first = clock.local(instant).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.replace(year=first.year - 1)


def test_over_three_years_nothing_is_kept_too_long_and_what_is_kept_verifies(
    world: World, engine_name: str, figure: Callable[[str, object], None]
) -> None:
    cellules = (0, world.cellule["a"])
    destroyed = too_long = 0
    for back in range(36, -1, -1):
        with clock.acting_at(builders.months_ago(back)):
            for cellule_id in cellules:
                builders.write(cellule_id, 2)
            anchors.write()
            destroyed += retention.destroy_old_segments()
            too_long += oldest() < year_before(clock.now())
            # What is within the time is all there: twelve whole months and the one under way, when they exist.
            with as_owner() as session:
                kept = session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "tests.act"))
            assert kept == len(cellules) * 2 * min(37 - back, 13)
            if back % 6 == 0:
                report = verification.verify()
                assert report.destroyed == destroyed
    # 37 months of two chains, 13 of which are kept.
    assert destroyed == 2 * (37 - 13)
    assert too_long == 0
    with as_owner() as session:
        proofs = session.scalars(select(AuditSegment).where(AuditSegment.destroyed_at.is_not(None))).all()
    # The first destruction comes in the 14th month: from then on each month also holds the entry that tells it.
    assert sorted(proof.last_sequence for proof in proofs) == [2] * (2 * 13) + [3] * (2 * 11)
    assert all(len(proof.last_seal) == 64 for proof in proofs)
    figure(
        "journal.retention",
        f"{engine_name}: 37 months, {destroyed} segments destroyed with a certificate, 0 kept too long, 0 broken",
    )


def test_the_database_destroys_by_its_own_clock_not_by_the_application_s(
    journal: tuple[int, ...], owner: Database
) -> None:
    before = builders.snapshot(owner)
    with (
        clock.acting_at(clock.now() + timedelta(days=3 * 365)),
        pytest.raises(DBAPIError, match="audit_segment only moves forward"),
    ):
        retention.destroy_old_segments()
    assert builders.snapshot(owner) == before
    verification.verify()


def test_a_segment_that_is_broken_is_kept_as_evidence(world: World, owner: Database) -> None:
    with clock.acting_at(builders.months_ago(14)):
        builders.write(world.cellule["a"], 4)
    with builders.tampering(owner) as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'x' WHERE sequence = 2 AND action = 'tests.act'"))
    before = builders.snapshot(owner)
    with pytest.raises(JournalBroken, match="entry 2: altered"):
        retention.destroy_old_segments()
    assert builders.snapshot(owner) == before


@pytest.mark.parametrize("change", ["count", "entries kept", "forged"])
def test_a_certificate_says_exactly_what_was_destroyed(world: World, owner: Database, change: str) -> None:
    with clock.acting_at(builders.months_ago(14)):
        builders.write(world.cellule["a"], 4)
    anchors.write()
    kept = builders.snapshot(owner)
    assert retention.destroy_old_segments() == 1
    verification.verify()
    with builders.tampering(owner) as connection:
        if change == "count":
            connection.execute(text("UPDATE audit_segment SET last_sequence = 3 WHERE destroyed_at IS NOT NULL"))
        elif change == "forged":
            connection.execute(text("UPDATE audit_segment SET certificate = '1:abc' WHERE destroyed_at IS NOT NULL"))
        else:
            rows = [dict(row) for row in kept.entries if row["action"] == "tests.act"]
            connection.execute(builders.ENTRY.insert(), [row for row in rows if row.pop("id")])
    with pytest.raises(JournalBroken, match="certificate"):
        verification.verify()


def test_entries_cannot_be_deleted_without_their_whole_segment(
    world: World, database: Database, owner: Database
) -> None:
    with clock.acting_at(builders.months_ago(14)):
        builders.write(world.cellule["a"], 4)
    for engine in (database.engine, owner.engine):
        with engine.connect() as connection, pytest.raises(DBAPIError, match=r"append-only|permission denied"):
            connection.execute(text("DELETE FROM audit_entry WHERE action = 'tests.act' AND sequence = 4"))
        if database.is_sqlite:
            continue
        with engine.connect() as connection, pytest.raises(DBAPIError, match="the segment has no certificate"):
            connection.execute(text("SELECT destroy_journal_segment(min(segment_id)) FROM audit_entry"))
    verification.verify()
