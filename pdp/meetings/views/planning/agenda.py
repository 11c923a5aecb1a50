"""The agenda of a séance being prepared: plain forms that come back to the page."""

from typing import Any

from flask import flash, redirect, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings import service
from pdp.meetings.schemas.planning import AddItemInput, MoveItemInput, VersionInput
from pdp.meetings.views import bp
from pdp.meetings.views.planning.meetings import meeting_page
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_MOVED = "L’ordre du jour a changé entre-temps : voici où il en est. Recommencez si besoin."


@bp.post("/seances/<meeting_id>/ordre-du-jour")
@requires(Permission.MEETING_RUN)
def add_to_agenda(meeting_id: str) -> Any:
    """Put a request at the end of the agenda."""
    actor = current_actor()
    form, item = forms.submit(AddItemInput(), lambda values: service.add_to_agenda(actor, meeting_id, **values))
    if item is None:
        return meeting_page(actor, meeting_id, form), 422
    flash("La demande est inscrite à l’ordre du jour.", "success")
    return _back(meeting_id)


@bp.post("/seances/<meeting_id>/points/<item_id>/deplacer")
@requires(Permission.MEETING_RUN)
def move_item(meeting_id: str, item_id: str) -> Response:
    """Move an item up, down, or to a rank."""
    actor = current_actor()
    _attempt(MoveItemInput(), lambda values: service.move_item(actor, item_id, **values))
    return _back(meeting_id, item_id)


@bp.post("/seances/<meeting_id>/points/<item_id>/retirer")
@requires(Permission.MEETING_RUN)
def remove_from_agenda(meeting_id: str, item_id: str) -> Response:
    """Take a request off the agenda: it goes back to those that wait."""
    actor = current_actor()
    if _attempt(VersionInput(), lambda values: service.remove_from_agenda(actor, item_id, **values)):
        flash("La demande est retirée : elle attend une autre séance.", "success")
    return _back(meeting_id)


def _attempt(schema: Schema, act: Any) -> bool:
    """Run an act that has nothing to type; a refusal is told above the agenda as it now is."""
    form = forms.read(schema)
    try:
        if not form.is_valid:
            raise Conflict(_MOVED)
        act(form.values)
    except Conflict:
        flash(_MOVED, "warning")
    except RuleViolation as error:
        flash(error.message, "warning")
    else:
        return True
    return False


def _back(meeting_id: str, item_id: str | None = None) -> Response:
    anchor = f"point-{item_id}" if item_id else "ordre-du-jour"
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor=anchor))
