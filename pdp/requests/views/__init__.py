"""Pages of requests."""

from flask import Blueprint

bp = Blueprint("requests", __name__)

from pdp.requests.views import answers, forms, pieces, show  # noqa: E402, F401 - each module adds its pages to `bp`
