"""Pages of `factors`, one file per concern."""

from flask import Blueprint

bp = Blueprint("factors", __name__)
