"""Every minute: what has cooled off leaves, and delays for objections that have run out are closed."""

from pdp.minutes import service


def run() -> None:
    """Send what is due and close what has run out, cellule by cellule."""
    service.send_due()
    service.close_due_windows()
