"""Pages of séances: preparing them, holding them, and what follows."""

from flask import Blueprint

bp = Blueprint("meetings", __name__)

from pdp.meetings.views import live, planning  # noqa: E402, F401 - their routes join the blueprint
