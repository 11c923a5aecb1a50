"""How the worklist groups its lines."""

from datetime import date, timedelta
from enum import StrEnum


class Bucket(StrEnum):
    """A group of deadlines, in the order shown."""

    LATE = "En retard"
    THIS_WEEK = "Cette semaine"
    LATER = "Plus tard"


def bucket(day: date, today: date) -> Bucket:
    """Return the group of a deadline; the week ends on Sunday."""
    if day < today:
        return Bucket.LATE
    end_of_week = today + timedelta(days=6 - today.weekday())
    return Bucket.THIS_WEEK if day <= end_of_week else Bucket.LATER
