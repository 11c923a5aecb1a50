"""The déports of a point: who takes no part, typed in the room, and ended."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.cases.enums import RecusalReason
from pdp.meetings import service
from pdp.meetings.schemas import live as schemas
from pdp.meetings.views import bp
from pdp.meetings.views.live.attempt import Attempt, attempt
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

_POINT = "/seances/<meeting_id>/points/<item_id>/deports"
_NOTHING_TRIED = Attempt()


@bp.get(_POINT)
@requires(Permission.MEETING_RUN)
def recusals(meeting_id: str, item_id: str) -> str:
    """Show who takes no part in the case of a point, and choose somebody who says so."""
    return _page(meeting_id, item_id)


@bp.post(_POINT)
@requires(Permission.MEETING_RUN)
def set_aside(meeting_id: str, item_id: str) -> Any:
    """Type a déport said aloud: the file closes to the person at once."""
    tried = attempt(
        "aside", schemas.SetAsideInput(), lambda values: service.set_aside(current_actor(), item_id, **values)
    )
    return _answer(meeting_id, item_id, tried, "Le déport est enregistré : le dossier est fermé à cette personne.")


@bp.post(f"{_POINT}/fin")
@requires(Permission.MEETING_RUN)
def take_back(meeting_id: str, item_id: str) -> Any:
    """End a déport."""
    tried = attempt(
        "back", schemas.TakeBackInput(), lambda values: service.take_back(current_actor(), item_id, **values)
    )
    return _answer(meeting_id, item_id, tried, "Le déport a pris fin : cette personne ouvre de nouveau le dossier.")


def _answer(meeting_id: str, item_id: str, tried: Attempt, said: str) -> Any:
    if not tried.done:
        return _page(meeting_id, item_id, tried), tried.status
    flash(said, "success")
    return redirect(url_for("meetings.recusals", meeting_id=meeting_id, item_id=item_id), 303)


def _page(meeting_id: str, item_id: str, tried: Attempt = _NOTHING_TRIED) -> str:
    return render_template(
        "meetings/recusals.html",
        meeting_id=meeting_id,
        found=service.read_recusals(current_actor(), item_id),
        tried=tried,
        reasons=[(reason.value, reason.label) for reason in RecusalReason],
    )
