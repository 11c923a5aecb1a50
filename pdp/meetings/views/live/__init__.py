"""The séance itself: console, presence, votes on one's own device, the room's screen."""

from pdp.meetings.views.live import acts, added, attendance, console, notes, pace, recusals, room, run, vote, ways

__all__ = ["acts", "added", "attendance", "console", "notes", "pace", "recusals", "room", "run", "vote", "ways"]
