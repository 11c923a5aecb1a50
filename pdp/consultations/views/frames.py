"""The consultations: their list, one of them, and what the coordinator does with it."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pdp.consultations import service
from pdp.consultations.enums import Phase
from pdp.consultations.queries.rows import ConsultationView
from pdp.consultations.rules import SILENCE
from pdp.consultations.schemas import ExtendInput, PlanInput, VersionInput
from pdp.consultations.views import bp
from pdp.core import clock
from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings.service import worklists
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.filters import plural
from pdp.web.guards import current_actor, requires

_LABELS = {
    "requests": "Demandes",
    "opens_day": "Jour d’ouverture",
    "opens_time": "Heure d’ouverture",
    "ends_day": "Dernier jour",
    "ends_time": "Heure de fin",
    "reason": "Motif",
}
_ONE = "/consultations/<consultation_id>"


@bp.get("/consultations")
@requires(Permission.MEETING_LIST)
def list_consultations() -> str:
    """List the consultations, those under way first."""
    rows = service.list_consultations(current_actor())
    over = (Phase.CLOSED, Phase.CANCELLED)
    return render_template(
        "consultations/list.html",
        running=[row for row in rows if row.phase not in over],
        over=[row for row in rows if row.phase in over],
    )


@bp.get("/consultations/nouvelle")
@requires(Permission.MEETING_RUN)
def plan() -> str:
    """Show the form that prepares a consultation."""
    return _plan_page(forms.Form())


@bp.post("/consultations/nouvelle")
@requires(Permission.MEETING_RUN)
def plan_post() -> Any:
    """Prepare a consultation, and open it at once when no opening is given."""
    actor = current_actor()
    form, found = forms.submit(PlanInput(), lambda values: service.plan_consultation(actor, **values))
    if found is None:
        return _plan_page(form), 422
    flash("La consultation est enregistrée.", "success")
    return redirect(url_for("consultations.show", consultation_id=found), 303)


@bp.get(_ONE)
@requires(Permission.MEETING_READ)
def show(consultation_id: str) -> str:
    """Show a consultation: its questions, one's own answers; to the coordinator, who has answered."""
    page = service.read_consultation(current_actor(), consultation_id)
    return render_template("consultations/show.html", page=page, view=page.view, silence=SILENCE[page.view.silence])


@bp.post(f"{_ONE}/ouvrir")
@requires(Permission.MEETING_RUN)
def open_now(consultation_id: str) -> Response:
    """Open a consultation by hand."""
    return _act(
        consultation_id,
        lambda version: service.open_consultation(current_actor(), consultation_id, version=version),
        "La consultation est ouverte. Les membres sont prévenus.",
    )


@bp.post(f"{_ONE}/relancer")
@requires(Permission.MEETING_RUN)
def relance(consultation_id: str) -> Response:
    """Remind those who have not voted."""
    form = forms.read(VersionInput())
    try:
        seats = service.relance(current_actor(), consultation_id, **form.values) if form.is_valid else 0
        text = f"{plural(seats, 'siège relancé')}." if seats < 2 else f"{seats} sièges relancés."
        flash(text if seats else "Tous ont répondu : personne n’est relancé.", "success")
    except RuleViolation as error:
        flash(error.message, "error")
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)


@bp.get(f"{_ONE}/prolonger")
@requires(Permission.MEETING_RUN)
def extend(consultation_id: str) -> str:
    """Show the form that gives more time."""
    view = service.read_consultation(current_actor(), consultation_id).view
    return _extend_page(view, forms.Form(_stored(view)))


@bp.post(f"{_ONE}/prolonger")
@requires(Permission.MEETING_RUN)
def extend_post(consultation_id: str) -> Any:
    """Give more time, with a reason."""
    actor = current_actor()

    def act(values: dict[str, Any]) -> bool:
        service.extend(actor, consultation_id, **values)
        return True

    try:
        form, done = forms.submit(ExtendInput(), act)
        status = 422
    except Conflict as error:
        form, done, status = forms.read(ExtendInput()), None, 409
        form.errors = {"_form": [error.message]}
    if done is None:
        return _extend_page(service.read_consultation(actor, consultation_id).view, form), status
    flash("La consultation est prolongée.", "success")
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)


@bp.get(f"{_ONE}/annuler")
@requires(Permission.MEETING_RUN)
def call_off(consultation_id: str) -> str:
    """Ask before calling a consultation off."""
    page = service.read_consultation(current_actor(), consultation_id)
    return render_template("consultations/call_off.html", page=page, view=page.view)


@bp.post(f"{_ONE}/annuler")
@requires(Permission.MEETING_RUN)
def call_off_post(consultation_id: str) -> Response:
    """Call a consultation off before its opening."""
    return _act(
        consultation_id,
        lambda version: service.call_off(current_actor(), consultation_id, version=version),
        "La consultation est annulée. Ses demandes attendent de nouveau.",
    )


@bp.post(f"{_ONE}/clore")
@requires(Permission.MEETING_RUN)
def finish(consultation_id: str) -> Response:
    """Close a consultation once every opinion is recorded."""
    return _act(
        consultation_id,
        lambda version: service.finish(current_actor(), consultation_id, version=version),
        "La consultation est close. Elle figurera à l’ordre du jour de la prochaine séance.",
    )


def _act(consultation_id: str, act: Any, done: str) -> Response:
    """Try an act that has no field but the version, and say what became of it on the page."""
    form = forms.read(VersionInput())
    try:
        if form.is_valid:
            act(form.values["version"])
            flash(done, "success")
    except (Conflict, RuleViolation) as error:
        flash(error.message, "error")
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)


def _plan_page(form: forms.Form) -> str:
    actor = current_actor()
    return render_template(
        "consultations/new.html",
        form=form,
        backlog=worklists.list_backlog(actor),
        labels=_LABELS,
        silence=SILENCE[service.silence_today(actor)],
    )


def _extend_page(view: ConsultationView, form: forms.Form) -> str:
    return render_template("consultations/extend.html", view=view, form=form, labels=_LABELS)


def _stored(view: ConsultationView) -> dict[str, str]:
    ends = clock.local(view.ends_at) + timedelta(days=2)
    return {"ends_day": ends.date().isoformat(), "ends_time": ends.strftime("%H:%M"), "version": str(view.version)}
