"""The tabs of a case that this feature shows."""

from flask import render_template

from pdp.cases import service
from pdp.cases.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires


@bp.get("/dossiers/<case_id>")
@requires(Permission.CASE_READ)
def show_case(case_id: str) -> str:
    """Show the synthesis of a case."""
    case = service.read_case(current_actor(), case_id, part="summary")
    return render_template("cases/summary.html", case=case, tab="summary")
