"""Pages of governance: the rules of the cellule, its seats and mandates."""

from flask import Blueprint

bp = Blueprint("governance", __name__)

from pdp.governance.views import rulebook as rulebook  # noqa: E402
from pdp.governance.views import seats as seats  # noqa: E402
