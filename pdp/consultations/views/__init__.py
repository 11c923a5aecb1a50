"""Pages of written consultations."""

from flask import Blueprint

bp = Blueprint("consultations", __name__)

from pdp.consultations.views import answering, frames  # noqa: E402, F401
