"""Pages of dispositifs."""

from flask import Blueprint

bp = Blueprint("dispositifs", __name__)
