"""Before and after the séance: planning, agenda, decisions, things to do."""

from pdp.meetings.views.planning import actions, agenda, calendar, decisions, meetings, words

__all__ = ["actions", "agenda", "calendar", "decisions", "meetings", "words"]
