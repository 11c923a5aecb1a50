"""Scheduled work of pieces."""

from pdp.documents import service


def scan_waiting() -> None:
    """Ask the antivirus again about the pieces that it did not answer for."""
    service.scan_waiting()
