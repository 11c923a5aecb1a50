"""A scheduler in a process of its own, with two jobs that leave a row per slot: database and seconds as arguments.

Each effect is a row written in one transaction that locks and looks first, as the product's jobs do. A slot
begun twice is told in `drill_begun`, so that the test sees that there was something to hold against.
"""

import os
import signal
import sys
import time
from contextvars import ContextVar
from datetime import timedelta
from threading import Event

from sqlalchemy import Connection, text

from pdp.core import db
from pdp.operations import running
from pdp.operations.registry import Job
from pdp.operations.rules import Every
from pdp.operations.running import Elected, Timing
from pdp.operations.service import slots
from pdp.operations.service.slots import Taken

PULSE, LEASE = timedelta(seconds=0.3), timedelta(seconds=1.5)
_taken: ContextVar[Taken] = ContextVar("taken")


def _begin(connection: Connection, job: str, slot: str) -> bool:
    """Write that a slot is begun; tell whether its effect is still to come."""
    row = {"job": job, "slot": slot, "pid": os.getpid()}
    connection.execute(text("INSERT INTO drill_begun VALUES (:job, :slot, :pid)"), row)
    found = connection.scalar(text("SELECT count(*) FROM drill_effect WHERE job = :job AND slot = :slot"), row)
    return not found


def work(job: str, seconds: float) -> None:
    """Write the effect of a slot, slowly."""
    slot = _taken.get().slot_at.isoformat()
    engine = db.bound().engine
    with engine.begin() as connection:
        wanted = _begin(connection, job, slot)
    time.sleep(seconds)
    with engine.begin() as connection:
        if not db.bound().is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:job))"), {"job": job})
        row = {"job": job, "slot": slot, "pid": os.getpid()}
        again = connection.scalar(text("SELECT count(*) FROM drill_effect WHERE job = :job AND slot = :slot"), row)
        if wanted and not again:
            connection.execute(text("INSERT INTO drill_effect VALUES (:job, :slot, :pid)"), row)


def jobs() -> tuple[Job, ...]:
    """Return a job each second, every slot of which counts, and a slower one that only owes its newest."""
    second = Every(timedelta(seconds=1))
    return (
        Job("drill.each", "chaque seconde", second, lambda: work("drill.each", 0.15), each=True),
        Job("drill.newest", "le plus récent", second, lambda: work("drill.newest", 0.3)),
    )


def _remember_slot() -> None:
    """Let the jobs of the drill know their slot: those of the product have rows of their own to know."""
    run = slots._run

    def remembering(job: Job, taken: Taken, holder: str) -> None:
        _taken.set(taken)
        run(job, taken, holder)

    slots._run = remembering


if __name__ == "__main__":
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    db.bind(db.Database(sys.argv[1]))
    _remember_slot()
    assert running.Elected is Elected
    Elected(jobs(), Timing(PULSE, LEASE)).run(stop)
