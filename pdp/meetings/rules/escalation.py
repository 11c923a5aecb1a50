"""Who is reminded of a thing to do that is late, and when: 7, 14 then 21 working days after its date. Pure."""

from datetime import date
from enum import IntEnum

from pdp.core.calendar import Territory, add_working_days, is_working_day


class Step(IntEnum):
    """The steps, in working days after the due date; each tells those of the step before as well."""

    OWNER = 7
    COORDINATION = 14
    MANAGER = 21


def step_due(due_on: date, today: date, told: int, territory: Territory) -> Step | None:
    """Return the highest step reached today that was not told yet; None when there is nothing to tell.

    A job that comes late tells the highest step only: the lower ones are contained in it. Nobody is called on a
    Sunday or a public holiday.
    """
    if not is_working_day(today, territory):
        return None
    reached = [step for step in Step if add_working_days(due_on, step, territory) <= today]
    return reached[-1] if reached and reached[-1] > told else None
