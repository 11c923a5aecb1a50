"""The note of a discussion: saved by its button, or by itself while it is typed."""

from typing import Any

from flask import flash, render_template, request

from pdp.meetings import service
from pdp.meetings.schemas import live as schemas
from pdp.meetings.views import bp
from pdp.meetings.views.live.attempt import attempt
from pdp.meetings.views.live.console import back_to_case, console_page
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

# What a script sends to get the form alone, instead of the whole console.
_ALONE = "X-Note"


@bp.post("/seances/<meeting_id>/points/<item_id>/note")
@requires(Permission.MEETING_RUN)
def save_discussion(meeting_id: str, item_id: str) -> Any:
    """Keep the note of the discussion; what somebody else wrote meanwhile is brought together with it."""
    tried = attempt(
        "note", schemas.DiscussionInput(), lambda values: service.save_discussion(current_actor(), item_id, **values)
    )
    if _ALONE in request.headers:
        note = tried.result if tried.done else service.read_note(current_actor(), item_id)
        html = render_template("meetings/note_alone.html", meeting=meeting_id, note=note, tried=tried)
        return html, 200 if tried.done else tried.status
    if not tried.done:
        return console_page(meeting_id, item_id, tried), tried.status
    merged = "La note est enregistrée. Elle réunit votre texte et celui d’une autre personne."
    flash(merged if tried.result.merged else "La note est enregistrée.", "success")
    return back_to_case(meeting_id, item_id)
