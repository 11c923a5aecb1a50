"""Scheduled work of notices."""

from pdp.notifications import service


def deliver() -> None:
    """Send the mails that are due."""
    service.deliver()
    service.deliver_links()


def queue_digests() -> None:
    """Leave one mail to each person for all that came since the last one."""
    service.queue_digests()
    service.deliver()


def purge() -> None:
    """Forget old notices and mails."""
    service.purge()
    service.purge_links()
