"""One person recorded twice: merged by two people, undone within thirty days."""

from flask import Blueprint

bp = Blueprint("merging", __name__)
