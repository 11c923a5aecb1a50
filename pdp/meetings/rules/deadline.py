"""Until when a request may be declared ready for a séance. Pure."""

from datetime import date

from pdp.core.calendar import Territory, subtract_working_days


def submission_deadline(held_on: date, territory: Territory, days: int) -> date:
    """Return the last day on which a request is in time for a séance: `days` working days (jours ouvrables) before."""
    return subtract_working_days(held_on, days, territory)


def is_late(ready_on: date, deadline: date) -> bool:
    """Tell whether a request declared ready on this day came after the deadline, which itself is in time."""
    return ready_on > deadline
