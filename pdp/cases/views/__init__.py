"""Pages of cases."""

from flask import Blueprint

bp = Blueprint("cases", __name__)

from pdp.cases.views import (
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
