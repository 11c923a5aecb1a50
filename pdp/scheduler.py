"""The scheduler process: jobs declared here, run by one process at a time.

Each job is a function without arguments that may be run twice without harm.
"""

from collections.abc import Callable

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from pdp.accounts.jobs import purge_sign_ins
from pdp.audit import jobs as audit
from pdp.audit.anchors import EVERY_MINUTES
from pdp.consent.jobs import end_due
from pdp.documents.jobs import scan_waiting
from pdp.federation.jobs import purge_returns
from pdp.members import jobs as members
from pdp.notifications import jobs as notifications
from pdp.privacy import jobs as privacy
from pdp.retention import jobs as retention

Job = tuple[str, BaseTrigger, Callable[[], None]]

JOBS: tuple[Job, ...] = (
    ("accounts.purge_sign_ins", CronTrigger(hour=3, minute=10), purge_sign_ins),
    ("audit.write_anchors", CronTrigger(minute=f"*/{EVERY_MINUTES}"), audit.write_anchors),
    ("audit.destroy_old_segments", CronTrigger(day=1, hour=4), audit.destroy_old_segments),
    ("consent.end_due", CronTrigger(hour=0, minute=5), end_due),
    ("documents.scan_waiting", CronTrigger(minute="*/5"), scan_waiting),
    ("members.close_dormant", CronTrigger(hour=6, minute=10), members.close_dormant),
    ("members.run_reviews", CronTrigger(hour=6, minute=20), members.run_reviews),
    # Outside of the hours that a change of time repeats or skips, and before the day begins.
    ("retention.run", CronTrigger(hour=5, minute=15), retention.run),
    ("federation.purge_returns", CronTrigger(hour=3, minute=15), purge_returns),
    ("notifications.deliver", CronTrigger(minute="*"), notifications.deliver),
    ("privacy.remind_due", CronTrigger(hour=6, minute=30), privacy.remind_due),
    ("privacy.end_packs", CronTrigger(hour=3, minute=40), privacy.end_packs),
    ("notifications.purge", CronTrigger(hour=3, minute=20), notifications.purge),
)


def run() -> None:
    """Run the jobs until the process is stopped."""
    scheduler = BlockingScheduler(
        timezone="Europe/Paris",
        job_defaults={"coalesce": True, "misfire_grace_time": 3600, "max_instances": 1},
    )
    for name, trigger, function in JOBS:
        scheduler.add_job(function, trigger, id=name)
    scheduler.start()
