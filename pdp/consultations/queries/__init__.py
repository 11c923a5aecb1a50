"""Reads of written consultations."""

from pdp.consultations.queries.find import (
    Held,
    find_to_close,
    find_to_open,
    find_to_remind,
    get_consultation,
    get_item,
    hold,
    hold_by_ballot,
    list_ballots,
)
from pdp.consultations.queries.pages import (
    awaited_votes,
    list_consultations,
    list_progress,
    own_answers,
    view_of,
)
from pdp.consultations.queries.people import holders_of, reached, standing_aside, users_of

__all__ = [
    "Held",
    "awaited_votes",
    "find_to_close",
    "find_to_open",
    "find_to_remind",
    "get_consultation",
    "get_item",
    "hold",
    "hold_by_ballot",
    "holders_of",
    "list_ballots",
    "list_consultations",
    "list_progress",
    "own_answers",
    "reached",
    "standing_aside",
    "users_of",
    "view_of",
]
