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
from pdp.consultations.queries.people import holders_of, reached, users_of

__all__ = [
    "Held",
    "find_to_close",
    "find_to_open",
    "find_to_remind",
    "get_consultation",
    "get_item",
    "hold",
    "hold_by_ballot",
    "holders_of",
    "list_ballots",
    "reached",
    "users_of",
]
