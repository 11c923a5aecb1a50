"""The points of a séance that are about no case: added, changed, settled, taken off."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import MeetingStatus, PointKind, PointPlace
from pdp.meetings.queries.rows import PointRow
from pdp.meetings.schemas.planning import VersionInput
from pdp.meetings.schemas.points import AddPointInput, EditPointInput, ResolutionInput
from pdp.meetings.service import points, worklists
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_LABELS = {
    "kind": "Nature du point",
    "title": "Intitulé",
    "place": "Place dans la séance",
    "planned_minutes": "Durée prévue, en minutes",
    "resolution": "Ce que la cellule a retenu",
    "discussion": "Notes de la discussion",
}


@bp.get("/seances/<meeting_id>/points-divers/nouveau")
@requires(Permission.MEETING_RUN)
def add_point(meeting_id: str) -> str:
    """Show the form that adds a point about no case."""
    return _add_page(meeting_id, forms.Form())


@bp.post("/seances/<meeting_id>/points-divers/nouveau")
@requires(Permission.MEETING_RUN)
def add_point_post(meeting_id: str) -> Any:
    """Add a point about no case."""
    actor = current_actor()
    form, point = forms.submit(AddPointInput(), lambda values: points.add_point(actor, meeting_id, **values))
    if point is None:
        return _add_page(meeting_id, form), 422
    flash("Le point est ajouté à l’ordre du jour.", "success")
    return _back(meeting_id)


@bp.get("/seances/<meeting_id>/points-divers/<point_id>")
@requires(Permission.MEETING_RUN)
def edit_point(meeting_id: str, point_id: str) -> str:
    """Show a point about no case: how it is planned and, in an open séance, what was settled."""
    return _edit_page(meeting_id, point_id)


@bp.post("/seances/<meeting_id>/points-divers/<point_id>")
@requires(Permission.MEETING_RUN)
def edit_point_post(meeting_id: str, point_id: str) -> Any:
    """Change how a point is planned."""
    return _save(meeting_id, point_id, EditPointInput(), points.edit_point, "Le point est modifié.")


@bp.post("/seances/<meeting_id>/points-divers/<point_id>/resolution")
@requires(Permission.MEETING_RUN)
def save_resolution(meeting_id: str, point_id: str) -> Any:
    """Keep what the séance settled on a point."""
    return _save(meeting_id, point_id, ResolutionInput(), points.save_resolution, "Le point est enregistré.")


@bp.post("/seances/<meeting_id>/points-divers/<point_id>/retirer")
@requires(Permission.MEETING_RUN)
def remove_point(meeting_id: str, point_id: str) -> Response:
    """Take a point off the agenda."""
    version = forms.read(VersionInput()).values.get("version", 0)
    try:
        points.remove_point(current_actor(), point_id, version=version)
        flash("Le point est retiré de l’ordre du jour.", "success")
    except (Conflict, RuleViolation) as error:
        flash(error.message, "warning")
    return _back(meeting_id)


def _save(meeting_id: str, point_id: str, schema: Any, act: Any, done: str) -> Any:
    def save(values: dict[str, Any]) -> bool:
        act(current_actor(), point_id, **values)
        return True

    try:
        form, saved = forms.submit(schema, save)
    except Conflict as error:
        form, saved = forms.read(schema), None
        form.errors["_form"] = [error.message]
    if saved is None:
        return _edit_page(meeting_id, point_id, form), 422
    flash(done, "success")
    return _back(meeting_id)


def _add_page(meeting_id: str, form: forms.Form) -> str:
    page = service.read_meeting(current_actor(), meeting_id)
    return render_template(
        "meetings/point_new.html",
        meeting=page.meeting,
        form=form,
        labels=_LABELS,
        kinds=[(kind.value, kind.label) for kind in PointKind],
        places=_places(),
        usual=points.MINUTES,
    )


def _edit_page(meeting_id: str, point_id: str, form: forms.Form | None = None) -> str:
    actor = current_actor()
    point = points.read_point(actor, point_id)
    page = service.read_meeting(actor, meeting_id)
    return render_template(
        "meetings/point.html",
        meeting=page.meeting,
        point=point,
        # Each of the two forms of the page keeps what is stored while the other is shown again as typed.
        form=forms.Form(_stored(point) | dict(form.raw), form.errors) if form else forms.Form(_stored(point)),
        labels=_LABELS,
        places=_places(),
        running=page.meeting.status is MeetingStatus.OPEN,
        over=page.meeting.status is MeetingStatus.CLOSED,
        todo=worklists.list_actions(actor) if point.kind is PointKind.ACTIONS else None,
    )


def _places() -> list[tuple[str, str]]:
    return [(place.value, place.label.capitalize()) for place in PointPlace]


def _stored(point: PointRow) -> dict[str, Any]:
    return {
        "title": point.title,
        "place": point.place.value,
        "planned_minutes": point.planned_minutes,
        "resolution": point.resolution,
        "discussion": point.discussion,
    }


def _back(meeting_id: str) -> Response:
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="ordre-du-jour"))
