"""Pages of meetings."""

from flask import Blueprint, render_template

from pdp.policy.permissions import Permission
from pdp.web.guards import requires

bp = Blueprint("meetings", __name__)


@bp.get("/seances")
@requires(Permission.MEETING_LIST)
def list_meetings() -> str:
    """Séances."""
    return render_template("home/index.html")
