"""The things to do that follow from séances."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings import service
from pdp.meetings.schemas.planning import VersionInput
from pdp.meetings.service import worklists
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires


@bp.get("/actions")
@requires(Permission.MEETING_LIST)
def actions() -> str:
    """List the things to do of one's organisation, or of all for the coordinator."""
    return render_template("meetings/actions.html", page=worklists.list_actions(current_actor()))


@bp.post("/actions/<action_id>/clore")
@requires(Permission.MEETING_READ)
def complete_action(action_id: str) -> Response:
    """Mark a thing to do as done."""
    version = forms.read(VersionInput()).values.get("version", 0)
    try:
        service.complete_action(current_actor(), action_id, version=version)
        flash("L’action est close.", "success")
    except (Conflict, RuleViolation) as error:
        flash(error.message, "warning")
    return redirect(url_for("meetings.actions"))
