"""Pages of `factors`, one file per concern."""

from flask import Blueprint

bp = Blueprint("factors", __name__)

# The pages register themselves on the blueprint.
from pdp.factors.views import challenge, confirming, passkeys, recovery, security, vouching  # noqa: E402, F401
