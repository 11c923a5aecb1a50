"""When a mail is tried again: pure."""

from datetime import timedelta

# Longer and longer pauses, about a day in all: a server stopped for the night loses nothing.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 240, 480, 720))


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after this many failed tries; None once it is time to give up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
