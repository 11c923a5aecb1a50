"""The excerpt of a case, as a file."""

from flask import Response

from pdp.minutes import service
from pdp.minutes.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires


@bp.get("/dossiers/<case_id>/extraits/<version_id>")
@requires(Permission.MINUTES_READ)
def excerpt(case_id: str, version_id: str) -> Response:
    """Send the points of a case, cut from one version, as a PDF."""
    file = service.read_excerpt(current_actor(), version_id, case_id)
    answer = Response(file.body, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.file_name)
    return answer
