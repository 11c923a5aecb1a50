"""The list without a debate: marked by the coordinator, asked out by any member, approved in one act."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pdp.core.french import listing
from pdp.meetings import service
from pdp.meetings.schemas.listed import ListedInput
from pdp.meetings.schemas.live import VersionInput
from pdp.meetings.views import bp
from pdp.meetings.views.live.attempt import Attempt, attempt
from pdp.policy.permissions import Permission
from pdp.web.filters import plural
from pdp.web.forms import Input
from pdp.web.guards import current_actor, requires

_NOTHING_TRIED = Attempt()


@bp.get("/seances/<meeting_id>/sans-debat")
@requires(Permission.MEETING_READ)
def fast_track(meeting_id: str) -> str:
    """Show the list, and to the coordinator what may be added to it."""
    return _page(meeting_id)


@bp.post("/seances/<meeting_id>/sans-debat")
@requires(Permission.MEETING_RUN)
def mark_fast_track(meeting_id: str) -> Any:
    """Put the ticked requests on the list."""
    tried = attempt(
        "mark", ListedInput(), lambda values: service.mark_fast_track(current_actor(), meeting_id, **values)
    )
    if not tried.done:
        return _page(meeting_id, tried), tried.status
    flash(f"La liste compte {plural(tried.result, 'dossier')}. Les membres peuvent demander un débat.", "success")
    return _back(meeting_id)


@bp.post("/seances/<meeting_id>/sans-debat/approbation")
@requires(Permission.MEETING_RUN)
def approve_fast_track(meeting_id: str) -> Any:
    """Approve the whole list in one act."""
    tried = attempt(
        "approve", VersionInput(), lambda values: service.approve_fast_track(current_actor(), meeting_id, **values)
    )
    if not tried.done:
        return _page(meeting_id, tried), tried.status
    approval: service.Approval = tried.result
    if approval.approved:
        flash(f"Avis conforme, sans vote, pour {listing(approval.approved)}.", "success")
    for reference, reason in approval.dropped:
        flash(f"{reference} quitte la liste. {reason}", "warning")
    return _back(meeting_id)


@bp.post("/seances/<meeting_id>/points/<item_id>/debat")
@requires(Permission.MEETING_READ)
def ask_to_discuss(meeting_id: str, item_id: str) -> Any:
    """Ask that a request of the list be debated."""
    tried = attempt("ask", Input(), lambda _values: service.ask_to_discuss(current_actor(), item_id))
    if not tried.done:
        return _page(meeting_id, tried), tried.status
    flash("Le dossier quitte la liste : il sera débattu en séance.", "success")
    return _back(meeting_id)


def _back(meeting_id: str) -> Response:
    return redirect(url_for("meetings.fast_track", meeting_id=meeting_id), 303)


def _page(meeting_id: str, tried: Attempt = _NOTHING_TRIED) -> str:
    page = service.read_fast_track(current_actor(), meeting_id)
    return render_template("meetings/fast_track.html", page=page, tried=tried)
