"""The clock of a séance: its drift in words, its breaks."""

from typing import Any

from flask import redirect, render_template, url_for

from pdp.meetings import service
from pdp.meetings.schemas import live as schemas
from pdp.meetings.views import bp
from pdp.meetings.views.live.attempt import attempt
from pdp.meetings.views.live.console import console_page
from pdp.policy.permissions import Permission
from pdp.web.forms import Input
from pdp.web.guards import current_actor, requires


@bp.get("/seances/<meeting_id>/rythme")
@requires(Permission.MEETING_READ)
def pace(meeting_id: str) -> str:
    """Say how late the séance runs: a line of the console, asked again while nothing else changes."""
    found = service.read_pace(current_actor(), meeting_id)
    return render_template("meetings/pace.html", meeting=meeting_id, pace=found)


@bp.post("/seances/<meeting_id>/suspension")
@requires(Permission.MEETING_RUN)
def pause(meeting_id: str) -> Any:
    """Suspend the séance."""
    tried = attempt("pause", schemas.PauseInput(), lambda values: service.pause(current_actor(), meeting_id, **values))
    if not tried.done:
        return console_page(meeting_id, None, tried), tried.status
    return redirect(url_for("meetings.console", meeting_id=meeting_id), 303)


@bp.post("/seances/<meeting_id>/reprise")
@requires(Permission.MEETING_RUN)
def resume(meeting_id: str) -> Any:
    """Take up the séance again."""
    tried = attempt("pause", Input(), lambda _values: service.resume(current_actor(), meeting_id))
    if not tried.done:
        return console_page(meeting_id, None, tried), tried.status
    return redirect(url_for("meetings.console", meeting_id=meeting_id), 303)
