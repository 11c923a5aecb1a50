"""The list of cases."""

from flask import render_template

from pdp.cases.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import requires


@bp.get("/dossiers")
@requires(Permission.CASE_LIST)
def list_cases() -> str:
    """Dossiers."""
    return render_template("home/index.html")
