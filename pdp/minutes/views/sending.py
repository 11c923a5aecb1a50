"""Check recipient × content, prepare the sending, take it back, recall what was sent."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from pdp.core import clock
from pdp.core.french import hour
from pdp.minutes import service
from pdp.minutes.schemas import SendingInput
from pdp.minutes.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires


@bp.get("/seances/<meeting_id>/proces-verbal/envoi")
@proven
@requires(Permission.MINUTES_SEND)
def sending(meeting_id: str) -> str:
    """Set each version against its recipient, to be ticked line by line."""
    return _page(meeting_id, forms.Form())


@bp.post("/seances/<meeting_id>/proces-verbal/envoi")
@proven
@requires(Permission.MINUTES_SEND)
def send(meeting_id: str) -> Any:
    """Prepare the sending of what is ticked."""
    form, leaves_at = forms.submit(
        SendingInput(), lambda values: service.prepare_sending(current_actor(), meeting_id, **values)
    )
    if leaves_at is None:
        return _page(meeting_id, form), 422
    at = hour(clock.local(leaves_at))
    flash(f"L’envoi est préparé. Il part à {at} ; d’ici là, vous pouvez le reprendre.", "success")
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)


@bp.post("/seances/<meeting_id>/proces-verbal/<version_id>/reprise")
@requires(Permission.MINUTES_SEND)
def cancel(meeting_id: str, version_id: str) -> Answer:
    """Take a prepared sending back."""
    service.cancel_sending(current_actor(), meeting_id, version_id)
    flash("L’envoi est repris : rien n’est parti.", "success")
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)


@bp.get("/seances/<meeting_id>/proces-verbal/<version_id>/rappel")
@proven
@requires(Permission.MINUTES_SEND)
def recalling(meeting_id: str, version_id: str) -> str:
    """Say what a recall does, before it is done."""
    line = service.read_recall(current_actor(), meeting_id, version_id)
    return render_template("minutes/recall.html", line=line, meeting_id=meeting_id, local=clock.local)


@bp.post("/seances/<meeting_id>/proces-verbal/<version_id>/rappel")
@proven
@requires(Permission.MINUTES_SEND)
def recall(meeting_id: str, version_id: str) -> Answer:
    """Shut a version that was sent, and tell its recipient."""
    service.recall(current_actor(), meeting_id, version_id)
    flash("La version est rappelée. Son destinataire est prévenu et ne peut plus l’ouvrir.", "success")
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)


def _page(meeting_id: str, form: forms.Form) -> str:
    sheet = service.read_sending(current_actor(), meeting_id)
    return render_template(
        "minutes/sending.html",
        sheet_view=sheet,
        meeting_id=meeting_id,
        form=form,
        held_on=clock.local(sheet.minutes.starts_at).date(),
        ticked=form.all_values("versions"),
        local=clock.local,
    )
