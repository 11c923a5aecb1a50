"""Séances list, planning, agenda, decisions and actions."""

from flask import render_template

from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import requires


@bp.get("/seances")
@requires(Permission.MEETING_LIST)
def list_meetings() -> str:
    """List the séances."""
    return render_template("home/index.html")
