"""Accueil: what waits for the signed-in person."""

from flask import Blueprint, render_template

from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.ACCOUNT_USE)
def index() -> str:
    """Show the worklist."""
    return render_template("home/index.html", actor=current_actor())
