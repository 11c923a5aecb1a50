"""Who has an access to a cellule: accounts and memberships ended, dormant ones, periodic reviews."""

from flask import Blueprint

bp = Blueprint("members", __name__)
