"""Scheduled work of notices."""

from pdp.notifications import service


def deliver() -> None:
    """Send the mails that are due."""
    service.deliver()
    service.deliver_links()


def purge() -> None:
    """Forget old notices and mails."""
    service.purge()
    service.purge_links()
