"""Scheduled work of measures."""

from pdp.measures.service import tell_all


def tell_limits() -> None:
    """Every morning: tell of the measures that near a limit, or their end."""
    tell_all()
