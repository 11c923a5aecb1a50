"""The process that runs the jobs: it stands by until it leads, and leads until it stops or loses the lock.

APScheduler wakes each job at its slots; what a slot owes is then asked of the table, so that a wake-up too
many, or one missed, changes nothing.
"""

import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from logging import getLogger
from threading import Event
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy.exc import SQLAlchemyError

from pdp.core import clock, db
from pdp.operations import leader
from pdp.operations.leader import Lock
from pdp.operations.registry import Job
from pdp.operations.rules import Cadence, next_slot
from pdp.operations.service import slots

_THREADS = 4
_log = getLogger("pdp.scheduler")


@dataclass(frozen=True, slots=True)
class Timing:
    """Every `pulse` a leader looks whether it still is and says that it lives; its leases end after `lease`."""

    pulse: timedelta = timedelta(seconds=15)
    lease: timedelta = slots.LEASE


class SlotTrigger(BaseTrigger):  # type: ignore[misc]
    """Wakes a job at its slots."""

    def __init__(self, cadence: Cadence) -> None:
        self.cadence = cadence

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the first slot after both."""
        return next_slot(self.cadence, max(now, previous_fire_time or now).astimezone(UTC))


class Elected:
    """A process that may lead. Jobs that run when the lock is lost end under their leases; none begins."""

    def __init__(self, jobs: Sequence[Job], timing: Timing | None = None) -> None:
        self._jobs = tuple(jobs)
        self._timing = timing or Timing()
        self._leads = Event()
        self.holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"

    def run(self, stop: Event) -> None:
        """Stand by and lead in turn, until `stop` is set."""
        lock = leader.lock_of(db.bound())
        pause = self._timing.pulse.total_seconds()
        while not stop.is_set():
            if lock.acquire():
                try:
                    self._lead(lock, stop)
                except SQLAlchemyError:
                    _log.exception("the scheduler lost its database")
                finally:
                    lock.release()
            stop.wait(pause)

    def _lead(self, lock: Lock, stop: Event) -> None:
        slots.lead(self.holder, lease=self._timing.lease)
        _log.info("%s leads the scheduler", self.holder)
        self._leads.set()
        scheduler = self._start()
        try:
            while not stop.wait(self._timing.pulse.total_seconds()):
                if not lock.holds():
                    _log.warning("%s leads no more: its lock is lost", self.holder)
                    return
                slots.renew(self.holder, lease=self._timing.lease)
                self._wake(scheduler)
            slots.resign(self.holder)
        finally:
            self._leads.clear()
            # A process asked to stop lets its jobs end; one that lost the lock does not hold the others up.
            scheduler.shutdown(wait=stop.is_set())

    def _start(self) -> Any:
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        for job in self._jobs:
            # At once as well: what was missed while nobody led is owed now.
            scheduler.add_job(self._run, SlotTrigger(job.cadence), args=[job], id=job.name, next_run_time=clock.now())
        scheduler.start()
        return scheduler

    def _wake(self, scheduler: Any) -> None:
        """Wake the jobs of which a slot was left without an end."""
        known = {job.name for job in self._jobs}
        for name in slots.list_takeable() & known:
            scheduler.modify_job(name, next_run_time=clock.now())

    def _run(self, job: Job) -> None:
        slots.run_owed(job, self.holder, lease=self._timing.lease, may_go_on=self._leads.is_set)
