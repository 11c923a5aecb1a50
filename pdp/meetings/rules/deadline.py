"""Until when a request may be declared ready for a séance. Pure."""

from datetime import date

from pdp.core.calendar import Territory, subtract_working_days

# In working days (jours ouvrables) before the séance.
NOTICE_DAYS = 5


def submission_deadline(held_on: date, territory: Territory, days: int = NOTICE_DAYS) -> date:
    """Return the last day on which a request is in time for a séance."""
    return subtract_working_days(held_on, days, territory)


def is_late(ready_on: date, deadline: date) -> bool:
    """Tell whether a request declared ready on this day came after the deadline, which itself is in time."""
    return ready_on > deadline
