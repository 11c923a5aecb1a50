"""Before and after the séance: planning, agenda, decisions, things to do."""

from pdp.meetings.views.planning import (
    actions,
    agenda,
    calendar,
    cancelling,
    corrections,
    decisions,
    listed,
    meetings,
    ordering,
    points,
    series,
    words,
)

__all__ = [
    "actions",
    "agenda",
    "calendar",
    "cancelling",
    "corrections",
    "decisions",
    "listed",
    "meetings",
    "ordering",
    "points",
    "series",
    "words",
]
