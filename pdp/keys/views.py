"""The health of the installation, for the technical administrator: counts, sizes and dates only."""

from flask import Blueprint, render_template

from pdp.keys import service
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

bp = Blueprint("keys", __name__)


@bp.get("/installation")
@requires(Permission.INSTALLATION_READ)
def health() -> str:
    """Show the database, the keys and the journal of the installation."""
    return render_template("keys/health.html", health=service.read_health(current_actor()))
