"""What the minutes will hold, the composed versions, and the files."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from pdp.core import clock
from pdp.minutes import service
from pdp.minutes.service.register import said
from pdp.minutes.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

# How the page names a format, by its code.
FORMAT_NAMES = {"pdf": "PDF", "docx": "Word (DOCX)", "odt": "LibreOffice (ODT)"}


@bp.get("/seances/<meeting_id>/proces-verbal")
@requires(Permission.MINUTES_READ)
def show(meeting_id: str) -> str:
    """Show the minutes of a séance or, before they are composed, what they will hold."""
    edition = request.args.get("edition", type=int)
    found = service.open_minutes(
        current_actor(), meeting_id, compare=request.args.get("destinataire"), edition=edition
    )
    if isinstance(found, service.Draft):
        held_on = clock.local(found.starts_at).date()
        return render_template("minutes/draft.html", draft=found, held_on=held_on)
    return render_template(
        "minutes/show.html",
        view=found,
        meeting_id=meeting_id,
        held_on=clock.local(found.minutes.starts_at).date(),
        composed_at=clock.local(found.minutes.composed_at),
        approval=said(found.approval),
        formats=FORMAT_NAMES,
        local=clock.local,
    )


@bp.get("/seances/<meeting_id>/proces-verbal/projet")
@requires(Permission.MINUTES_READ)
def preview(meeting_id: str) -> str:
    """Show the project as it would be composed now, whole or for a recipient."""
    recipient = request.args.get("destinataire") or None
    found = service.read_preview(current_actor(), meeting_id, recipient=recipient)
    return render_template(
        "minutes/preview.html",
        preview=found,
        meeting_id=meeting_id,
        recipient=recipient,
        held_on=clock.local(found.starts_at).date(),
    )


@bp.post("/seances/<meeting_id>/proces-verbal")
@requires(Permission.MINUTES_COMPOSE)
def compose(meeting_id: str) -> Answer:
    """Compose the minutes; a second time changes nothing and says so."""
    demo = current_app.config["PDP"].demo
    composed = service.compose_minutes(current_actor(), meeting_id, fictitious=demo)
    if composed.created:
        flash(f"Le procès-verbal n° {composed.reference} est composé.", "success")
    else:
        flash(f"Le procès-verbal n° {composed.reference} était déjà composé : rien n’a changé.", "info")
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)


@bp.get("/seances/<meeting_id>/proces-verbal/<version_id>/<file_format>")
@requires(Permission.MINUTES_READ)
def download(meeting_id: str, version_id: str, file_format: str) -> Response:
    """Send one file of one version, as an attachment."""
    file = service.download(current_actor(), meeting_id, version_id, file_format)
    answer = Response(file.body, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.file_name)
    return answer
