"""Sign-in through an identity provider: ProConnect, Pro Santé Connect, an organisation's own."""

from flask import Blueprint

bp = Blueprint("federation", __name__)
