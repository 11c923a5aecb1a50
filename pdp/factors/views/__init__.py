"""Pages of `factors`, one file per concern."""

from flask import Blueprint

bp = Blueprint("factors", __name__)

from pdp.factors.views import challenge, confirming  # noqa: E402, F401 - the pages register themselves on the blueprint
