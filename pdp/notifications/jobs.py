"""Scheduled work of notices."""

from pdp.notifications import service


def deliver() -> None:
    """Send the mails that are due."""
    service.deliver()


def purge() -> None:
    """Forget old notices and mails."""
    service.purge()
