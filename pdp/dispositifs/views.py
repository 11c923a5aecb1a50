"""Pages of dispositifs."""

from flask import Blueprint, render_template

from pdp.policy.permissions import Permission
from pdp.web.guards import requires

bp = Blueprint("dispositifs", __name__)


@bp.get("/simulateur")
@requires(Permission.RULES_READ)
def simulator() -> str:
    """Simulateur."""
    return render_template("home/index.html")
