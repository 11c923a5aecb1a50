"""Put on the agenda, in session, a request that waits."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.meetings import service
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.schemas.planning import AddItemInput
from pdp.meetings.service import worklists
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires


@bp.get("/seances/<meeting_id>/ajout")
@requires(Permission.MEETING_RUN)
def add_in_session(meeting_id: str) -> Any:
    """Show the requests that wait; an item added now is said to be."""
    return _page(meeting_id, Form())


@bp.post("/seances/<meeting_id>/ajout")
@requires(Permission.MEETING_RUN)
def add_in_session_post(meeting_id: str) -> Any:
    """Put a request at the end of the agenda, then show it in the console."""
    actor = current_actor()
    form, item = forms.submit(AddItemInput(), lambda values: service.add_to_agenda(actor, meeting_id, **values))
    if item is None:
        return _page(meeting_id, form), 422
    flash("Le dossier est ajouté en séance. Le procès-verbal le dira.", "success")
    return redirect(url_for("meetings.console", meeting_id=meeting_id, point=item), 303)


def _page(meeting_id: str, form: Form) -> Any:
    actor = current_actor()
    page = service.read_meeting(actor, meeting_id)
    if page.meeting.status is not MeetingStatus.OPEN:
        return redirect(url_for("meetings.show", meeting_id=meeting_id))
    here = {row.request for row in page.items}
    # What was adjourned a moment ago waits again, but for another séance.
    waiting = [row for row in worklists.list_backlog(actor).rows if row.request not in here]
    return render_template("meetings/added.html", page=page, waiting=waiting, form=form)
