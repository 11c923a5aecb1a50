"""Every morning: dormant accounts, and the reviews of accesses to open or to call again for."""

from pdp.members import service


def close_dormant() -> None:
    """Warn the holders of unused accounts, and close those warned a month ago."""
    service.close_dormant()


def run_reviews() -> None:
    """Open the half-year's reviews, and call again for those that are due."""
    service.open_reviews()
    service.remind()
