"""Pages of sheets and packs, and their files."""

from flask import Blueprint, Response, current_app, render_template, request

from pdp.minutes.serial import to_plain
from pdp.packs import service
from pdp.packs.rules.sheet import Sheet
from pdp.packs.service import PrintedFile
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, proven, requires

bp = Blueprint("packs", __name__)


@bp.get("/seances/<meeting_id>/points/<item_id>/fiche")
@requires(Permission.MEETING_READ)
def sheet(meeting_id: str, item_id: str) -> str:
    """Show the sheet of an item."""
    page = service.read_sheet(current_actor(), meeting_id, item_id)
    return render_template("packs/sheet.html", page=page, sheet=page.sheet, content=_rows(page.sheet))


@bp.get("/seances/<meeting_id>/points/<item_id>/fiche.pdf")
@requires(Permission.MEETING_READ)
def sheet_file(meeting_id: str, item_id: str) -> Response:
    """Send the sheet of an item as a PDF of one page."""
    return _sent(service.print_sheet(current_actor(), meeting_id, item_id, fictitious=_is_demo()))


@bp.get("/seances/<meeting_id>/dossier-de-seance")
@requires(Permission.MEETING_READ)
def pack(meeting_id: str) -> str:
    """Show one's own pack; to the coordinator, that of a recipient beside it."""
    page = service.read_pack(current_actor(), meeting_id, recipient=request.args.get("destinataire") or None)
    return render_template("packs/pack.html", page=page, rows=_rows)


@bp.get("/seances/<meeting_id>/dossier-de-seance.pdf")
@proven
@requires(Permission.MEETING_READ)
def pack_file(meeting_id: str) -> Response:
    """Send one's own pack as a PDF."""
    return _sent(service.print_pack(current_actor(), meeting_id, fictitious=_is_demo()))


def _is_demo() -> bool:
    return bool(current_app.config["PDP"].demo)


def _rows(sheet: Sheet) -> dict[str, object]:
    """Return the rows of a sheet as the page of a document shows them."""
    return {"blocks": [to_plain(row) for row in sheet.rows]}


def _sent(file: PrintedFile) -> Response:
    answer = Response(file.body, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=file.file_name)
    return answer
