"""The journal's upkeep: its anchors every few minutes, the end of its oldest segments every month."""

from pdp.audit import anchors, retention


def write_anchors() -> None:
    """Write where each chain stands to the anchors' file."""
    anchors.write()


def destroy_old_segments() -> None:
    """Destroy the segments whose time is over, with a certificate each."""
    retention.destroy_old_segments()
