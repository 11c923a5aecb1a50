"""Pages of letters: the texts of the cellule, the letters of a case, and the register."""

from flask import Blueprint

bp = Blueprint("letters", __name__)

from pdp.letters.views import letters as letters  # noqa: E402
from pdp.letters.views import texts as texts  # noqa: E402
