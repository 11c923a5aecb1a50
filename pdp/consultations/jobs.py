"""Every minute: consultations to open, to remind of, and to close."""

from pdp.consultations.service import running


def run() -> None:
    """Open, remind and close what is due."""
    running.run()
