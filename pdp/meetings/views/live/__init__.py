"""The séance itself: console, presence, votes on one's own device, the room's screen."""

from pdp.meetings.views.live import acts, attendance, console, room, run, vote

__all__ = ["acts", "attendance", "console", "room", "run", "vote"]
