"""Pages of `privacy`, one file per concern."""

from flask import Blueprint

bp = Blueprint("privacy", __name__)

# Each module adds its pages to the blueprint.
from pdp.privacy.views import case, freezing, notices, pack, rectification, register  # noqa: E402, F401
