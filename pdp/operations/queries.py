"""Reads of slots."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text

from pdp.core import db
from pdp.operations.enums import SlotOutcome
from pdp.operations.models import JobSlot

# The process that leads has a row under this name.
LEADER = "scheduler"


def lock_job(job: str) -> None:
    """Let one process at a time decide about a job; SQLite has one writer anyway."""
    if not db.bound().is_sqlite:
        db.session().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:job, 7))"), {"job": f"job {job}"})


def find_last(job: str) -> JobSlot | None:
    """Return the newest slot of a job, whatever became of it."""
    return (
        db.session()
        .scalars(select(JobSlot).where(JobSlot.job == job).order_by(JobSlot.slot_at.desc()).limit(1))
        .first()
    )


def list_unfinished(job: str) -> Sequence[JobSlot]:
    """Return the slots of a job without an end, oldest first."""
    return (
        db.session()
        .scalars(select(JobSlot).where(JobSlot.job == job, JobSlot.finished_at.is_(None)).order_by(JobSlot.slot_at))
        .all()
    )


def list_takeable(now: datetime) -> Sequence[str]:
    """Return the jobs of which a slot may be taken again: its lease ended, it did not."""
    return (
        db.session()
        .scalars(
            select(JobSlot.job).where(JobSlot.finished_at.is_(None), JobSlot.lease_until <= now, JobSlot.job != LEADER)
        )
        .all()
    )


def list_latest() -> Sequence[JobSlot]:
    """Return the newest slot of each job."""
    newest = select(JobSlot.job, func.max(JobSlot.slot_at).label("slot_at")).group_by(JobSlot.job).subquery()
    return (
        db.session()
        .scalars(
            select(JobSlot)
            .join(newest, (newest.c.job == JobSlot.job) & (newest.c.slot_at == JobSlot.slot_at))
            .order_by(JobSlot.job)
        )
        .all()
    )


def last_done() -> dict[str, JobSlot]:
    """Return the newest slot of each job that went well, or from which it was followed."""
    well = (SlotOutcome.DONE, SlotOutcome.BEGUN)
    newest = (
        select(JobSlot.job, func.max(JobSlot.slot_at).label("slot_at"))
        .where(JobSlot.outcome.in_(well))
        .group_by(JobSlot.job)
        .subquery()
    )
    found = db.session().scalars(
        select(JobSlot).join(newest, (newest.c.job == JobSlot.job) & (newest.c.slot_at == JobSlot.slot_at))
    )
    return {slot.job: slot for slot in found}
