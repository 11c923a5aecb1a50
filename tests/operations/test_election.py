"""Four scheduler processes over one database: the leader dies or loses its lock, no slot is lost nor doubled."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from pdp.core.db import Database
from pdp.operations import leader
from pdp.operations.enums import SlotOutcome
from pdp.operations.models import JobSlot
from pdp.operations.queries import LEADER
from tests.support.databases import as_owner

Figure = Callable[[str, object], None]
PROCESSES = 4


class Crowd:
    """Processes that may lead, and who of them does."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.alive: dict[int, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start one more."""
        command = [sys.executable, "-m", "tests.operations.elected", self._url]
        started = subprocess.Popen(command, env=os.environ | {"PYTHONWARNINGS": "ignore"}, stderr=subprocess.DEVNULL)
        self.alive[started.pid] = started

    def leader(self) -> tuple[int, datetime] | None:
        """Return the process that leads, and since when."""
        with as_owner() as session:
            row = session.scalars(
                select(JobSlot).where(JobSlot.job == LEADER).order_by(JobSlot.slot_at.desc()).limit(1)
            ).first()
        if row is None or row.finished_at is not None:
            return None
        pid = int(row.claimed_by.split(":")[1])
        return (pid, row.slot_at) if pid in self.alive else None

    def wait_for_leader(self, after: datetime | None = None) -> tuple[int, datetime]:
        """Wait until a process leads, since later than `after`."""
        deadline = time.monotonic() + 25
        while time.monotonic() < deadline:
            found = self.leader()
            if found and (after is None or found[1] > after):
                return found
            time.sleep(0.05)
        raise AssertionError("nobody leads")

    def kill(self, pid: int) -> None:
        """Kill one without a word, and start another."""
        process = self.alive.pop(pid)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        self.start()

    def stop(self) -> None:
        """Ask all of them to stop, and wait."""
        for process in self.alive.values():
            process.terminate()
        for process in self.alive.values():
            process.wait(30)


@contextmanager
def crowd(database: Database) -> Iterator[Crowd]:
    """Four processes over the database of a test."""
    with as_owner() as session:
        for table in ("drill_begun", "drill_effect"):
            session.execute(text(f"CREATE TABLE {table} (job varchar(60), slot varchar(60), pid integer)"))
            if not database.is_sqlite:
                session.execute(text(f"GRANT SELECT, INSERT ON {table} TO PUBLIC"))
    found = Crowd(database.url)
    try:
        for _ in range(PROCESSES):
            found.start()
        yield found
    finally:
        found.stop()


def cut(database: Database) -> None:
    """Take the leader's lock away without killing it: its connection is cut, or its file is removed."""
    if database.is_sqlite:
        Path(f"{make_url(database.url).database}.scheduler").unlink()
        return
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid "
                "WHERE a.datname = current_database() AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
                "AND a.application_name = 'pdp scheduler'"
            )
        )


def wait_for_work(since: datetime) -> None:
    """Wait until a slot due after an instant is run: all those before it were."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with as_owner() as session:
            last = session.scalar(text("SELECT max(slot) FROM drill_effect WHERE job = 'drill.each'"))
        if last and datetime.fromisoformat(last) > since:
            return
        time.sleep(0.1)
    raise AssertionError("nothing is run any more")


def expected(first: str, last: str) -> list[str]:
    start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return [
        (start + timedelta(seconds=number)).isoformat() for number in range(int((end - start).total_seconds()) + 1)
    ]


@pytest.mark.parametrize("kills", [3, pytest.param(12, marks=pytest.mark.drill)])
def test_four_processes_run_each_slot_once_whoever_leads(database: Database, figure: Figure, kills: int) -> None:
    with crowd(database) as processes:
        pid, since = processes.wait_for_leader()
        for turn in range(kills):
            time.sleep(1)
            processes.kill(pid)
            pid, since = processes.wait_for_leader(since)
            if turn == 1:
                cut(database)
                pid, since = processes.wait_for_leader(since)
        wait_for_work(since)
    with as_owner() as session:
        effects = session.execute(text("SELECT slot FROM drill_effect WHERE job = 'drill.each' ORDER BY slot")).all()
        newest = session.execute(text("SELECT slot FROM drill_effect WHERE job = 'drill.newest'")).all()
        begun = session.scalar(text("SELECT count(*) FROM drill_begun WHERE job = 'drill.each'")) or 0
        pids = session.scalar(text("SELECT count(DISTINCT pid) FROM drill_begun")) or 0
        left = session.scalars(select(JobSlot).where(JobSlot.job == "drill.each").order_by(JobSlot.slot_at)).all()
        leaders = session.scalars(select(JobSlot.outcome).where(JobSlot.job == LEADER)).all()
    done = [slot for (slot,) in effects]
    assert len(done) > kills
    assert done == expected(done[0], done[-1]), "a slot is missing or doubled"
    assert len(newest) == len(set(newest))
    assert left[0].outcome is SlotOutcome.BEGUN
    assert {slot.outcome for slot in left[1:]} == {SlotOutcome.DONE}
    assert left[1].slot_at.isoformat() == done[0]
    assert len(leaders) == kills + 2
    assert leaders.count(SlotOutcome.LOST) == kills + 1
    figure(
        "scheduler.election",
        f"{PROCESSES} processes, {kills} leaders killed, 1 cut off, {pids} led: {len(done)} slots, "
        f"0 lost, 0 doubled, {begun - len(done)} begun again",
    )


def test_one_process_leads_and_the_next_one_takes_over(database: Database) -> None:
    first, second = leader.lock_of(database), leader.lock_of(database)
    assert first.acquire()
    assert not second.acquire()
    assert first.holds()
    assert not second.holds()
    first.release()
    assert not first.holds()
    assert second.acquire()
    second.release()


def test_a_leader_whose_lock_was_taken_away_notices(database: Database) -> None:
    first, second = leader.lock_of(database), leader.lock_of(database)
    assert first.acquire()
    cut(database)
    assert not first.holds()
    assert second.acquire()
    first.release()
    assert second.holds()
    second.release()


@pytest.mark.postgresql
def test_a_server_that_is_not_there_makes_nobody_lead(database: Database) -> None:
    assert not leader.ServerLock("postgresql+psycopg://nobody@127.0.0.1:1/none").acquire()
