"""The « Droits » tab of a case."""

from flask import render_template

from pdp.core import clock
from pdp.policy.labels import LABEL_NAMES
from pdp.policy.permissions import Permission
from pdp.privacy.rules.register import is_late
from pdp.privacy.service import case_rights as service
from pdp.privacy.texts import notice_in_use
from pdp.privacy.views import bp
from pdp.web.guards import current_actor, requires


@bp.get("/dossiers/<case_id>/droits")
@requires(Permission.CASE_READ)
def case_rights(case_id: str) -> str:
    """Show what the person of a case asked under their rights."""
    page = service.read_case_rights(current_actor(), case_id)
    return render_template(
        "privacy/case_rights.html",
        case=page.case,
        tab=service.TAB,
        page=page,
        label_names=LABEL_NAMES,
        notice_in_use=notice_in_use(clock.today()),
    )


@bp.app_template_test("late_request")
def late_request(request: object) -> bool:
    """Tell whether a request should have been answered already."""
    return is_late(request.due_on, request.closed_on, clock.today())  # type: ignore[attr-defined]
