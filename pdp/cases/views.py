"""Pages of cases."""

from flask import Blueprint, render_template

from pdp.policy.permissions import Permission
from pdp.web.guards import requires

bp = Blueprint("cases", __name__)


@bp.get("/dossiers")
@requires(Permission.CASE_LIST)
def list_cases() -> str:
    """Dossiers."""
    return render_template("home/index.html")
