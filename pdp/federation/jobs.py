"""Housekeeping of providers' answers."""

from pdp.federation import service


def purge_returns() -> None:
    """Forget the answers that no browser could bring again."""
    service.purge_returns()
