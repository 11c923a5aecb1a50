"""Pages of merging: possible duplicates, comparison, proposals, history with its undoing."""

from flask import Blueprint

bp = Blueprint("merging", __name__)

from pdp.merging.views import comparing as comparing  # noqa: E402
from pdp.merging.views import deciding as deciding  # noqa: E402
