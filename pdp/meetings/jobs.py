"""Scheduled work of séances."""

from pdp.meetings.service.following import follow_all


def follow_actions() -> None:
    """Send back the requests whose conditions were not met, and remind of things to do that are late."""
    follow_all()
