"""Every morning: requests that come back by themselves, and reminders of what is late."""

from datetime import timedelta

from pdp.accounts import queries as accounts
from pdp.accounts.service.upkeep import in_each_cellule
from pdp.audit import service as audit
from pdp.core import clock
from pdp.core.calendar import Territory
from pdp.meetings.queries import held
from pdp.meetings.rules.escalation import Step, step_due
from pdp.meetings.service.conditions import send_back_overdue
from pdp.meetings.service.telling_actions import remind_late


def follow_all() -> None:
    """Send back what was not met in time, and remind of what is late, cellule by cellule. May run twice."""
    in_each_cellule(_follow)


def _follow(cellule_id: int) -> None:
    send_back_overdue(cellule_id)
    _escalate(cellule_id)


def _escalate(cellule_id: int) -> None:
    today, territory = clock.today(), Territory(accounts.get_cellule(cellule_id).territory)
    # No step comes before as many days of the calendar.
    for action in held.list_late(cellule_id, today - timedelta(days=Step.OWNER)):
        step = step_due(action.due_on, today, action.reminded_step, territory)
        if step is None:
            continue
        called = remind_late(action, step)
        action.reminded_step = step
        action.reminded_on = today if called else action.reminded_on
        audit.record(None, "action.remind", case_id=action.case_id, subject=action, step=int(step), told=called)
