"""Call a séance off."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.core.errors import Conflict
from pdp.meetings import service
from pdp.meetings.schemas.planning import CancelInput
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.filters import plural
from pdp.web.guards import current_actor, requires


@bp.get("/seances/<meeting_id>/annuler")
@requires(Permission.MEETING_RUN)
def cancel_meeting(meeting_id: str) -> str:
    """Say what a cancellation does, and ask why."""
    return _page(meeting_id, forms.Form())


@bp.post("/seances/<meeting_id>/annuler")
@requires(Permission.MEETING_RUN)
def cancel_meeting_post(meeting_id: str) -> Any:
    """Cancel a séance that is not open yet."""
    actor = current_actor()
    try:
        form, sent_back = forms.submit(
            CancelInput(), lambda values: service.cancel_meeting(actor, meeting_id, **values)
        )
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for("meetings.show", meeting_id=meeting_id))
    if sent_back is None:
        return _page(meeting_id, form), 422
    waiting = plural(sent_back, "demande attend une autre séance", "demandes attendent une autre séance")
    flash(f"La séance est annulée\u00a0: {waiting}.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


def _page(meeting_id: str, form: forms.Form) -> str:
    page = service.read_meeting(current_actor(), meeting_id)
    return render_template("meetings/cancel.html", meeting=page.meeting, items=page.items, form=form)
