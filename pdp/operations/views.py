"""The health of what runs by itself, for the technical administrator: instants and counts only."""

from flask import Blueprint, render_template

from pdp.core import clock
from pdp.operations.service import health
from pdp.policy.permissions import Permission
from pdp.web.guards import requires

bp = Blueprint("operations", __name__)


@bp.get("/sante-du-service")
@requires(Permission.INSTALLATION_READ)
def show_health() -> str:
    """Show the leader, the mails that wait and each job."""
    return render_template("operations/health.html", health=health.read(), local=clock.local)
