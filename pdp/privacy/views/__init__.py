"""Pages of `privacy`, one file per concern."""

from flask import Blueprint

bp = Blueprint("privacy", __name__)
