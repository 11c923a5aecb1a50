"""Pages of convocations."""

from flask import Blueprint

bp = Blueprint("convocations", __name__)
