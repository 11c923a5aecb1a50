"""Every night: the trace and the notices of agreements that reached their term. The term itself needs no job."""

from pdp.consent import service


def end_due() -> None:
    """Draw the effects of the agreements that are over, cellule by cellule."""
    service.end_due()
