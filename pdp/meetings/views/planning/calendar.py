"""The calendar file of a séance."""

from flask import Response, current_app, request

from pdp.core import clock
from pdp.meetings import service
from pdp.meetings.views import bp
from pdp.notifications import calendar
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires


@bp.get("/seances/<meeting_id>/calendrier")
@requires(Permission.MEETING_READ)
def calendar_file(meeting_id: str) -> Response:
    """Send the file that puts a séance in one's own calendar."""
    site = (current_app.config["PDP"].public_url or request.url_root).rstrip("/")
    entry = service.calendar_entry(current_actor(), meeting_id, site)
    answer = Response(calendar.render(entry, clock.now()), content_type=calendar.MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=calendar.FILE_NAME)
    return answer
