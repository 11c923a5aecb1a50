"""The room's screen: reference and initials, the question, who has voted; never a name nor a direction."""

from typing import Any

from flask import render_template

from pdp.dispositifs.catalogue import sheet
from pdp.meetings import service
from pdp.meetings.views import bp
from pdp.meetings.views.live import polling
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires


@bp.get("/seances/<meeting_id>/projection")
@requires(Permission.MEETING_READ)
def projection(meeting_id: str) -> Any:
    """Show what the room may read of the case under discussion, or 304 to a poll that holds it."""
    actor = current_actor()
    state = service.meeting_state(actor, meeting_id)
    if polling.is_fresh(state.shown):
        return polling.unchanged(state.shown)
    room = service.read_room(actor, meeting_id)
    return polling.page(render_template("meetings/projection.html", room=room, sheet=sheet), state.shown)
