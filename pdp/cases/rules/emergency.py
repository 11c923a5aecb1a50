"""Rules of the emergency access."""

from datetime import datetime, timedelta

DURATION = timedelta(minutes=60)
SHORTEST_REASON = 30


def ends_at(opened_at: datetime) -> datetime:
    """Return the instant from which the access opens nothing any more."""
    return opened_at + DURATION


def is_reasoned(reason: str) -> bool:
    """Tell whether a reason says something: long enough once spaces are dropped, and not one letter held down."""
    letters = "".join(reason.split())
    return len(letters) >= SHORTEST_REASON and len(set(letters.lower())) >= 8
