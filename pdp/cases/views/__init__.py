"""Pages of cases."""

from flask import Blueprint

bp = Blueprint("cases", __name__)

from pdp.cases.views import case, frame, listing  # noqa: E402, F401 - each module adds its pages to `bp`
