"""Write an erratum: what was printed, what holds, why."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.core import clock
from pdp.minutes import service
from pdp.minutes.erratum import WHOLE_SEANCE, CorrectedPart
from pdp.minutes.schemas import CORRECTIONS, ErratumInput, corrections_in, fields_of
from pdp.minutes.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_WHOLE = (str(WHOLE_SEANCE), "La séance elle-même : lieu, heures, présences")


@bp.get("/seances/<meeting_id>/proces-verbal/erratum")
@requires(Permission.MINUTES_COMPOSE)
def erratum(meeting_id: str) -> str:
    """Ask what is to be corrected, point by point."""
    return _page(meeting_id, forms.Form())


@bp.post("/seances/<meeting_id>/proces-verbal/erratum")
@requires(Permission.MINUTES_COMPOSE)
def compose_erratum(meeting_id: str) -> Any:
    """Compose the next edition with its erratum."""
    form, composed = forms.submit(
        ErratumInput(),
        lambda values: service.compose_erratum(
            current_actor(), meeting_id, edition=values["edition"], corrections=corrections_in(values)
        ),
    )
    if composed is None:
        return _page(meeting_id, form), 422
    flash(
        f"L’édition n° {composed.reference} est composée. Envoyez-la à qui avait reçu la précédente.",
        "success",
    )
    return redirect(url_for("minutes.sending", meeting_id=meeting_id), 303)


def _page(meeting_id: str, form: forms.Form) -> str:
    sheet = service.read_erratum(current_actor(), meeting_id)
    if not form.raw and sheet.awaited:
        form = forms.Form(fields_of(sheet.awaited))
    points = [(str(point.position), point.title) for point in sheet.points]
    return render_template(
        "minutes/erratum.html",
        sheet_view=sheet,
        meeting_id=meeting_id,
        form=form,
        held_on=clock.local(sheet.minutes.starts_at).date(),
        points=[*points, _WHOLE],
        parts=[(part.value, part.label) for part in CorrectedPart],
        corrections=CORRECTIONS,
    )
