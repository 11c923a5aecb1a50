"""The register of minutes: on a page, or taken out as a table."""

from flask import Response, render_template

from pdp.core import clock
from pdp.minutes import service
from pdp.minutes.service.register import said
from pdp.minutes.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, proven, requires

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/seances/<meeting_id>/proces-verbal/registre")
@requires(Permission.MINUTES_SEND)
def register(meeting_id: str) -> str:
    """Show who received which version, when it was sent, opened, taken, recalled."""
    found = service.read_register(current_actor(), meeting_id)
    return render_template(
        "minutes/register.html",
        register=found,
        meeting_id=meeting_id,
        held_on=clock.local(found.minutes.starts_at).date(),
        approvals=[(row, said(standing)) for row, standing in found.approvals],
        objections=[(row, clock.local(row.at)) for row in found.objections],
    )


@bp.get("/seances/<meeting_id>/proces-verbal/registre.xlsx")
@proven
@requires(Permission.MINUTES_SEND)
def register_xlsx(meeting_id: str) -> Response:
    """Send the register as a workbook."""
    return _file(meeting_id, "xlsx")


@bp.get("/seances/<meeting_id>/proces-verbal/registre.csv")
@proven
@requires(Permission.MINUTES_SEND)
def register_csv(meeting_id: str) -> Response:
    """Send the register as CSV."""
    return _file(meeting_id, "csv")


def _file(meeting_id: str, file_format: str) -> Response:
    body, name = service.export_register(current_actor(), meeting_id, file_format=file_format)
    answer = Response(body, content_type=_MEDIA[file_format])
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
