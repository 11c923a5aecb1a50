"""Slots taken from the table: once each, caught up once, retried when a process or a job fails."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from pdp.core import clock
from pdp.core.db import Database
from pdp.operations.enums import SlotOutcome
from pdp.operations.models import JobSlot
from pdp.operations.registry import Job
from pdp.operations.rules import RETRY_PAUSE, At, at, every
from pdp.operations.service import slots
from tests.support.databases import as_owner

Figure = Callable[[str, object], None]
START = datetime(2026, 4, 10, 12, 0, tzinfo=UTC)


class Work:
    """A piece of work that says when it was done, and fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.done: list[datetime] = []
        self.failures = failures

    def __call__(self) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("as told")
        self.done.append(clock.now())


def outcomes() -> list[tuple[str, SlotOutcome | None, int]]:
    with as_owner() as session:
        found = session.scalars(select(JobSlot).order_by(JobSlot.slot_at)).all()
        return [(slot.slot_at.strftime("%d %H:%M"), slot.outcome, slot.attempts) for slot in found]


def at_instant(job: Job, instant: datetime, holder: str = "a") -> int:
    with clock.acting_at(instant):
        return slots.run_owed(job, holder)


def test_a_job_is_followed_from_when_it_is_first_seen(database: Database) -> None:
    work = Work()
    job = Job("x", "x", at("05:15"), work)
    assert at_instant(job, START) == 0
    assert outcomes() == [("10 03:15", SlotOutcome.BEGUN, 1)]
    assert at_instant(job, START + timedelta(hours=16)) == 1
    assert at_instant(job, START + timedelta(hours=17), "b") == 0
    assert outcomes()[1:] == [("11 03:15", SlotOutcome.DONE, 1)]


def test_a_stop_of_three_days_is_caught_up_once_or_for_each_slot(database: Database) -> None:
    newest, each = Work(), Work()
    jobs = (Job("newest", "n", at("05:15"), newest), Job("each", "e", at("05:15"), each, each=True))
    for job in jobs:
        at_instant(job, START)
    back = START + timedelta(days=3)
    for job in (*jobs, *jobs):
        at_instant(job, back)
    assert (len(newest.done), len(each.done)) == (1, 3)


def test_a_slot_of_a_process_that_died_is_taken_again_after_its_lease(database: Database) -> None:
    work = Work()
    job = Job("x", "x", at("05:15"), work, each=True)
    at_instant(job, START)
    due = START + timedelta(hours=16)
    with clock.acting_at(due):
        assert slots.take(job, "dead")
    assert at_instant(job, due + timedelta(seconds=89), "b") == 0
    assert at_instant(job, due + timedelta(seconds=91), "b") == 1
    assert outcomes()[1:] == [("11 03:15", SlotOutcome.DONE, 2)]


def test_a_process_that_comes_back_after_its_lease_writes_nothing_over_the_other(database: Database) -> None:
    job = Job("x", "x", at("05:15"), Work())
    at_instant(job, START)
    due = START + timedelta(hours=16)
    with clock.acting_at(due):
        late = slots.take(job, "slow")
    assert late
    assert at_instant(job, due + timedelta(minutes=2), "b") == 1
    slots._end(job, late, "slow", SlotOutcome.FAILED)
    assert outcomes()[1:] == [("11 03:15", SlotOutcome.DONE, 2)]


def test_a_renewed_lease_keeps_a_long_job_to_its_process(database: Database) -> None:
    job = Job("x", "x", at("05:15"), Work())
    at_instant(job, START)
    due = START + timedelta(hours=16)
    with clock.acting_at(due):
        assert slots.take(job, "a")
    for minute in range(1, 30):
        with clock.acting_at(due + timedelta(minutes=minute)):
            slots.renew("a")
        assert at_instant(job, due + timedelta(minutes=minute, seconds=59), "b") == 0


def test_a_slot_whose_end_could_not_be_written_is_not_kept_for_ever(database: Database) -> None:
    def cut(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if statement.startswith("UPDATE job_slot SET finished_at"):
            raise OperationalError("cut", None, RuntimeError("the line was cut"))

    job = Job("x", "x", every(1), Work())
    at_instant(job, START)
    due = START + timedelta(minutes=1)
    event.listen(database.engine, "before_cursor_execute", cut)
    with pytest.raises(OperationalError):
        at_instant(job, due)
    event.remove(database.engine, "before_cursor_execute", cut)
    for seconds in (30, 60, 89):
        with clock.acting_at(due + timedelta(seconds=seconds)):
            slots.renew("a")
        assert at_instant(job, due + timedelta(seconds=seconds)) == 0
    assert at_instant(job, due + timedelta(seconds=91)) == 1


def test_a_daily_job_that_fails_is_tried_three_times_then_told(database: Database) -> None:
    work = Work(failures=9)
    job = Job("x", "x", at("05:15"), work)
    at_instant(job, START)
    due = START + timedelta(hours=16)
    for tries in range(1, 4):
        assert at_instant(job, due) == 1
        assert outcomes()[1:] == [("11 03:15", SlotOutcome.FAILED, tries)]
        assert at_instant(job, due + RETRY_PAUSE - timedelta(seconds=1)) == 0
        due += RETRY_PAUSE + timedelta(seconds=1)
    assert at_instant(job, due) == 0
    work.failures = 0
    assert at_instant(job, due + timedelta(days=1)) == 1
    assert len(work.done) == 1


def test_a_job_of_each_minute_that_fails_waits_for_its_next_minute(database: Database) -> None:
    work = Work(failures=1)
    job = Job("x", "x", every(1), work)
    at_instant(job, START)
    assert at_instant(job, START + timedelta(minutes=1)) == 1
    assert at_instant(job, START + timedelta(minutes=1, seconds=30)) == 0
    assert at_instant(job, START + timedelta(minutes=2)) == 1
    assert [row[1] for row in outcomes()] == [SlotOutcome.BEGUN, SlotOutcome.FAILED, SlotOutcome.DONE]


def test_a_slot_left_behind_is_replaced_by_a_newer_one(database: Database) -> None:
    job = Job("x", "x", every(1), Work())
    at_instant(job, START)
    with clock.acting_at(START + timedelta(minutes=1)):
        assert slots.take(job, "dead")
    assert at_instant(job, START + timedelta(minutes=10)) == 1
    assert [row[1] for row in outcomes()] == [SlotOutcome.BEGUN, SlotOutcome.OVERTAKEN, SlotOutcome.DONE]


def test_a_slot_that_kills_three_processes_is_left_alone(database: Database) -> None:
    job = Job("x", "x", at("05:15"), Work(), each=True)
    at_instant(job, START)
    due = START + timedelta(hours=16)
    for _ in range(3):
        with clock.acting_at(due):
            assert slots.take(job, "killed")
        due += timedelta(minutes=2)
    assert at_instant(job, due) == 0
    assert outcomes()[1:] == [("11 03:15", SlotOutcome.LOST, 3)]


NIGHTS = [("spring", "2026-03-28T20:00", 1), ("autumn", "2026-10-24T20:00", 1), ("ordinary", "2026-11-03T20:00", 1)]


@pytest.mark.parametrize(("night", "start", "expected"), NIGHTS)
def test_a_night_walked_by_two_processes_under_a_moved_clock(
    database: Database, figure: Figure, night: str, start: str, expected: int
) -> None:
    evening = datetime.fromisoformat(start).replace(tzinfo=UTC)
    work = Work()
    job = Job("x", "x", at("02:30"), work)
    hourly = Work()
    often = Job("y", "y", every(30), hourly, each=True)
    for minutes in range(0, 12 * 60, 10):
        for holder in ("a", "b"):
            at_instant(job, evening + timedelta(minutes=minutes), holder)
            at_instant(often, evening + timedelta(minutes=minutes), holder)
    assert isinstance(job.cadence, At)
    assert (len(work.done), len(hourly.done)) == (expected, 23)
    figure("scheduler.nights", f"{night}: 02:30 ran {len(work.done)} time, every half hour {len(hourly.done)} of 23")


def test_old_slots_are_forgotten_but_for_the_last_of_each_job(database: Database) -> None:
    job = Job("x", "x", every(30), Work(), each=True)
    for days in (0, 1, 2):
        at_instant(job, START + timedelta(days=days))
    with clock.acting_at(START + timedelta(days=12)):
        slots.purge()
    assert [row[1] for row in outcomes()] == [SlotOutcome.BEGUN, SlotOutcome.DONE]
    assert at_instant(job, START + timedelta(days=2, minutes=10)) == 0
