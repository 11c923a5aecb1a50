"""Pages of cases."""

from flask import Blueprint

bp = Blueprint("cases", __name__)

# Each of these modules adds its pages to `bp`.
from pdp.cases.views import (  # noqa: E402
    case,
    editing,
    emergency,
    frame,
    listing,
    moves,
    opening,
    papers,
    recusing,
    restricting,
    sharing,
)

__all__ = [
    "bp",
    "case",
    "editing",
    "emergency",
    "frame",
    "listing",
    "moves",
    "opening",
    "papers",
    "recusing",
    "restricting",
    "sharing",
]
