"""Take the slots of jobs, one process at a time each, and write what became of them.

A slot is taken in a short transaction before its job runs, and ended in another one after: a process that
dies in between leaves a lease that ends, and the slot is taken again. The work is thus begun at least once;
each job sees to it that its effects happen once, in rows that it locks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from pdp.core import clock, db
from pdp.operations import queries, rules
from pdp.operations.enums import SlotOutcome
from pdp.operations.models import JobSlot
from pdp.operations.queries import LEADER
from pdp.operations.registry import Job

LEASE = timedelta(seconds=90)
_KEPT = timedelta(days=7)
_log = getLogger("pdp.scheduler")
# Slots whose end this process could not write: no longer vouched for, so that they are taken again.
_unwritten: set[int] = set()


@dataclass(frozen=True, slots=True)
class Taken:
    """A slot that this process took."""

    id: int
    slot_at: datetime
    attempts: int


def run_owed(job: Job, holder: str, *, lease: timedelta = LEASE, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Run the slots that a job owes, one after the other; return how many."""
    count = 0
    while may_go_on() and (taken := take(job, holder, lease)):
        _unwritten.discard(taken.id)
        _run(job, taken, holder)
        count += 1
    return count


def take(job: Job, holder: str, lease: timedelta = LEASE) -> Taken | None:
    """Take the slot that a job owes now; None when nothing is owed, or when another process runs it.

    The first time that a job is seen it owes nothing: it is followed from there.
    """
    now = clock.now()
    with db.transaction():
        queries.lock_job(job.name)
        last = queries.find_last(job.name)
        if last is None:
            begun = _row(job.name, rules.last_slot(job.cadence, now), holder, now, now)
            begun.finished_at, begun.outcome = now, SlotOutcome.BEGUN
            db.session().add(begun)
            return None
        unfinished = queries.list_unfinished(job.name)
        if any(slot.lease_until > now for slot in unfinished):
            return None
        due = rules.owed(job.cadence, last.slot_at, now, each=job.each)
        row = _take_again(unfinished, holder, now, replaced=due is not None and not job.each)
        if row is None and due is not None:
            row = _row(job.name, due, holder, now, now)
            db.session().add(row)
        if row is None:
            return None
        row.lease_until = now + lease
        db.session().flush()
        return Taken(row.id, row.slot_at, row.attempts)


def renew(holder: str, *, lease: timedelta = LEASE) -> None:
    """Say that this process is alive, for its own row and for each slot that it runs."""
    mine = (JobSlot.claimed_by == holder, JobSlot.finished_at.is_(None), JobSlot.outcome.is_(None))
    known = JobSlot.id.not_in(_unwritten.copy())
    with db.transaction() as session:
        session.execute(update(JobSlot).where(*mine, known).values(lease_until=clock.now() + lease))


def lead(holder: str, *, lease: timedelta = LEASE) -> None:
    """Write that this process leads from now on; a leader that never said its end is marked as lost."""
    now = clock.now()
    with db.transaction() as session:
        for left in queries.list_unfinished(LEADER):
            left.finished_at, left.outcome = now, SlotOutcome.LOST
        session.add(_row(LEADER, now, holder, now, now + lease))


def resign(holder: str) -> None:
    """Write that this process leads no more."""
    mine = (JobSlot.job == LEADER, JobSlot.claimed_by == holder, JobSlot.finished_at.is_(None))
    with db.transaction() as session:
        session.execute(update(JobSlot).where(*mine).values(finished_at=clock.now(), outcome=SlotOutcome.DONE))


def list_takeable() -> frozenset[str]:
    """Return the jobs of which a slot waits to be taken again."""
    with db.reading():
        return frozenset(queries.list_takeable(clock.now()))


def purge() -> None:
    """Forget the slots ended more than a week ago, but for the last of each job that went well or not."""
    with db.transaction() as session:
        kept = select(func.max(JobSlot.id)).group_by(JobSlot.job, JobSlot.outcome)
        old = JobSlot.finished_at < clock.now() - _KEPT
        session.execute(
            delete(JobSlot).where(old, JobSlot.id.not_in(kept)).execution_options(synchronize_session=False)
        )


def _row(job: str, slot_at: datetime, holder: str, now: datetime, lease_until: datetime) -> JobSlot:
    return JobSlot(
        job=job, slot_at=slot_at, claimed_at=now, claimed_by=holder, lease_until=lease_until, outcome=None, attempts=1
    )


def _take_again(left: Sequence[JobSlot], holder: str, now: datetime, *, replaced: bool) -> JobSlot | None:
    """Return the oldest slot that a process left without an end; end those that a newer one replaces."""
    for slot in left:
        if slot.attempts >= rules.MOST_ATTEMPTS or replaced:
            slot.finished_at = now
            slot.outcome = SlotOutcome.OVERTAKEN if replaced else slot.outcome or SlotOutcome.LOST
            continue
        slot.attempts += 1
        slot.claimed_at, slot.claimed_by, slot.outcome = now, holder, None
        return slot
    return None


def _run(job: Job, taken: Taken, holder: str) -> None:
    outcome = SlotOutcome.DONE
    try:
        job.run()
    except Exception:
        _log.exception("the job %s failed", job.name)
        outcome = SlotOutcome.FAILED
    try:
        _end(job, taken, holder, outcome)
    except SQLAlchemyError:
        _unwritten.add(taken.id)
        raise


def _end(job: Job, taken: Taken, holder: str, outcome: SlotOutcome) -> None:
    """Write what became of a slot, unless another process took it meanwhile."""
    now = clock.now()
    values: dict[str, object] = {"outcome": outcome, "finished_at": now}
    if outcome is SlotOutcome.FAILED and rules.may_retry(job.cadence, taken.attempts, now):
        values = {"outcome": outcome, "lease_until": now + rules.RETRY_PAUSE}
    same = (JobSlot.id == taken.id, JobSlot.claimed_by == holder, JobSlot.attempts == taken.attempts)
    with db.transaction() as session:
        session.execute(update(JobSlot).where(*same, JobSlot.finished_at.is_(None)).values(**values))
