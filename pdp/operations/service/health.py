"""How the scheduled work does: its leader, its jobs, the mails that wait, the room that is left. No person."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pdp.core import clock, db
from pdp.operations import hooks, queries, registry, rules
from pdp.operations.enums import SlotOutcome, Standing
from pdp.operations.hooks import Outbox
from pdp.operations.models import JobSlot
from pdp.operations.queries import LEADER
from pdp.operations.registry import Job
from pdp.operations.rules import Known

# A mail that waits longer than this says that the way out is shut.
_LATE_MAIL = timedelta(hours=1)
_LITTLE_ROOM = 0.05


@dataclass(frozen=True, slots=True)
class JobState:
    """A job: how it stands, its last slot, how long that took and what became of it, when the next one is due."""

    name: str
    label: str
    standing: Standing
    slot_at: datetime | None
    took: timedelta | None
    outcome: SlotOutcome | None
    attempts: int
    next_at: datetime
    late_since: datetime | None

    @property
    def alarming(self) -> bool:
        """Tell whether somebody should look."""
        return self.standing in {Standing.LATE, Standing.FAILED}


@dataclass(frozen=True, slots=True)
class Leader:
    """The process that leads, and since when."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """The health of what runs by itself. `room` is in bytes; None where the database is on another host."""

    at: datetime
    engine: str
    room: int | None
    little_room: bool
    leader: Leader | None
    jobs: Sequence[JobState]
    outbox: Outbox

    @property
    def mails_are_late(self) -> bool:
        """Tell whether the oldest mail waits for too long."""
        return self.outbox.oldest is not None and self.outbox.oldest < self.at - _LATE_MAIL

    @property
    def alarming(self) -> bool:
        """Tell whether anything is late, in failure or without a process to run it."""
        return self.leader is None or self.mails_are_late or self.little_room or any(job.alarming for job in self.jobs)


def read() -> Health:
    """Read the health of the installation."""
    now = clock.now()
    with db.reading():
        latest = {slot.job: slot for slot in queries.list_latest()}
        done = queries.last_done()
    lead = latest.get(LEADER)
    alive = lead is not None and lead.finished_at is None and lead.lease_until > now
    room, share = _room()
    return Health(
        at=now,
        engine="SQLite" if db.bound().is_sqlite else "PostgreSQL",
        room=room,
        little_room=share is not None and share < _LITTLE_ROOM,
        leader=Leader(lead.claimed_by, lead.slot_at) if lead and alive else None,
        jobs=[_state(job, latest.get(job.name), done.get(job.name), now) for job in registry.installed()],
        outbox=hooks.read_outbox(),
    )


def describe(found: Health) -> Iterator[str]:
    """Yield the lines of `pdp jobs status`."""
    lead = found.leader
    yield f"leader: {lead.name} since {_when(lead.since)}" if lead else "leader: none, no job runs"
    yield f"database: {found.engine}" + ("" if found.room is None else f", {found.room // 1_000_000} MB left")
    for job in found.jobs:
        took = "" if job.took is None else f" in {job.took.total_seconds():.1f} s"
        last = "never" if job.slot_at is None else f"{_when(job.slot_at)} {job.outcome or 'running'}{took}"
        late = "" if job.late_since is None else f", owed since {_when(job.late_since)}"
        yield f"{job.standing.value:<8} {job.name:<28} last {last}{late}, next {_when(job.next_at)}"
    mails = found.outbox
    oldest = "" if mails.oldest is None else f", the oldest since {_when(mails.oldest)}"
    way = "" if mails.way_out else " (no way out is set: they stay in the site)"
    yield f"mails: {mails.waiting} waiting{oldest}, {mails.failed} failed in seven days{way}"


def _state(job: Job, last: JobSlot | None, done: JobSlot | None, now: datetime) -> JobState:
    known = None
    if last is not None:
        known = Known(
            slot_at=last.slot_at,
            running=last.finished_at is None and last.outcome is None,
            failed=last.outcome in {SlotOutcome.FAILED, SlotOutcome.LOST},
            done_up_to=done.slot_at if done else None,
        )
    stands = rules.standing(job.cadence, known, now)
    owed = None
    if stands in {Standing.LATE, Standing.FAILED}:
        after = done.slot_at if done else now - timedelta(days=1)
        owed = next(rules.slots_between(job.cadence, after, now), None)
    return JobState(
        name=job.name,
        label=job.label,
        standing=stands,
        slot_at=last.slot_at if last else None,
        took=last.finished_at - last.claimed_at if last and last.finished_at else None,
        outcome=last.outcome if last else None,
        attempts=last.attempts if last else 0,
        next_at=rules.next_slot(job.cadence, now),
        late_since=owed,
    )


def _room() -> tuple[int | None, float | None]:
    """Return the room left beside the database in bytes and as a share; nothing for a database server."""
    if not db.bound().is_sqlite:
        return None, None
    disk = shutil.disk_usage(Path(str(db.bound().engine.url.database)).parent)
    return disk.free, disk.free / disk.total


def _when(instant: datetime) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")
