"""Pages of minutes: read and compose them, send them, correct them, approve them, keep their register."""

from flask import Blueprint

bp = Blueprint("minutes", __name__)

from pdp.minutes.views import approval, erratum, excerpts, pages, register, sending, wording  # noqa: E402

__all__ = ["approval", "bp", "erratum", "excerpts", "pages", "register", "sending", "wording"]
