"""Every morning: reminders before the deadline of requests, and the end of copies that waited too long."""

from pdp.privacy.service import register, sealing


def remind_due() -> None:
    """Remind those who answer for a request that its deadline is near, or past."""
    register.remind_due()


def end_packs() -> None:
    """Destroy the sealed copies that nobody handed over in thirty days."""
    sealing.end_expired()
