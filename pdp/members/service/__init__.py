"""Use cases over the accesses of a cellule."""

from pdp.members.service.dormant import close_dormant
from pdp.members.service.people import (
    Access,
    Accesses,
    close,
    give_back,
    read_access,
    read_accesses,
    reopen,
    take_away,
)
from pdp.members.service.reviews import Asked, decide, open_reviews, read_review, remind

__all__ = [
    "Access",
    "Accesses",
    "Asked",
    "close",
    "close_dormant",
    "decide",
    "give_back",
    "open_reviews",
    "read_access",
    "read_accesses",
    "read_review",
    "remind",
    "reopen",
    "take_away",
]
