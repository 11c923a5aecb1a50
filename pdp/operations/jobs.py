"""Scheduled work about scheduled work."""

from pdp.operations.service import slots


def purge_slots() -> None:
    """Forget the slots ended more than a week ago, but for the last of each job."""
    slots.purge()
