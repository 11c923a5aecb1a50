"""Open the séance and close it: each act says first what it will do."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.meetings import service
from pdp.meetings.schemas.planning import VersionInput
from pdp.meetings.views import bp
from pdp.meetings.views.live.attempt import Attempt, attempt
from pdp.policy.permissions import Permission
from pdp.web.filters import plural
from pdp.web.guards import current_actor, proven, requires

_NOTHING_TRIED = Attempt()


@bp.get("/seances/<meeting_id>/ouverture")
@requires(Permission.MEETING_RUN)
def open_meeting(meeting_id: str) -> str:
    """Say what opening will do."""
    return _confirm(meeting_id, "open")


@bp.post("/seances/<meeting_id>/ouverture")
@requires(Permission.MEETING_RUN)
def open_meeting_post(meeting_id: str) -> Any:
    """Open the séance, then go and record who sits."""
    tried = attempt("open", VersionInput(), lambda values: service.open_meeting(current_actor(), meeting_id, **values))
    if not tried.done:
        return _confirm(meeting_id, "open", tried), tried.status
    flash("La séance est ouverte. Indiquez qui est présent.", "success")
    return redirect(url_for("meetings.attendance", meeting_id=meeting_id), 303)


@bp.get("/seances/<meeting_id>/cloture")
@requires(Permission.MEETING_RUN)
@proven
def close_meeting(meeting_id: str) -> str:
    """Say what closing will do."""
    return _confirm(meeting_id, "close")


@bp.post("/seances/<meeting_id>/cloture")
@requires(Permission.MEETING_RUN)
@proven
def close_meeting_post(meeting_id: str) -> Any:
    """Close the séance for good."""
    tried = attempt(
        "close", VersionInput(), lambda values: service.close_meeting(current_actor(), meeting_id, **values)
    )
    if not tried.done:
        return _confirm(meeting_id, "close", tried), tried.status
    back = "Aucun dossier ne reste à traiter."
    if tried.result:
        verb = "reviendra" if tried.result < 2 else "reviendront"
        back = f"{plural(tried.result, 'dossier')} sans avis {verb} à une prochaine séance."
    flash(f"La séance est close. {back}", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


def _confirm(meeting_id: str, act: str, tried: Attempt = _NOTHING_TRIED) -> str:
    page = service.read_meeting(current_actor(), meeting_id)
    return render_template(f"meetings/console_{act}.html", page=page, tried=tried)
