"""The requests of a case, one request, and its moves."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pdp.cases import service as cases
from pdp.core import clock
from pdp.policy.permissions import Permission
from pdp.requests import service
from pdp.requests.enums import RequestAction
from pdp.requests.rules.marks import LANE, marks_of
from pdp.requests.schemas import DeclineInput, MoveInput
from pdp.requests.views import bp
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_DONE = {
    RequestAction.CONFIRM: "La proposition est confirmée : la demande est un brouillon à compléter.",
    RequestAction.SUBMIT: "La demande est prête. Son éligibilité est conservée telle qu’elle est aujourd’hui.",
    RequestAction.REOPEN: "La demande est remise en brouillon.",
    RequestAction.START: "La mesure est démarrée.",
    RequestAction.END: "La mesure est terminée.",
    RequestAction.WITHDRAW: "La demande est retirée. Elle reste lisible dans le dossier.",
}


@bp.get("/dossiers/<case_id>/demandes")
@requires(Permission.REQUEST_READ)
def case_requests(case_id: str) -> str:
    """Show the requests of a case, the newest one open."""
    case = cases.read_case(current_actor(), case_id, part="requests")
    lines, panel = service.read_case_requests(current_actor(), case_id)
    timeline = case.timeline.with_marks(LANE, marks_of(lines, clock.today())) if case.timeline else None
    return render_template(
        "requests/list.html", case=case, tab="requests", lines=lines, panel=panel, timeline=timeline
    )


@bp.get("/demandes/<request_id>")
@requires(Permission.REQUEST_READ)
def show(request_id: str) -> str:
    """Show a request: its eligibility, its pieces, its history and what may be done."""
    return render_template("requests/show.html", panel=service.read_request(current_actor(), request_id), refusal=None)


@bp.get("/demandes/<request_id>/retrait")
@requires(Permission.REQUEST_WRITE)
def confirm_withdrawal(request_id: str) -> str:
    """Say what taking the request back will do, before it is done."""
    panel = service.read_request(current_actor(), request_id)
    if RequestAction.WITHDRAW not in panel.actions:
        abort(404)
    return render_template("requests/withdraw.html", panel=panel)


@bp.post("/demandes/<request_id>")
@requires(Permission.REQUEST_READ)
def act(request_id: str) -> Response | tuple[str, int]:
    """Make a move of the life cycle."""
    form, moved = forms.submit(MoveInput(), lambda values: _move(request_id, values))
    if moved is None:
        panel = service.read_request(current_actor(), request_id)
        refusal = " ".join(sentence for sentences in form.errors.values() for sentence in sentences)
        return render_template("requests/show.html", panel=panel, refusal=refusal), 422
    flash(_DONE.get(moved, "C’est enregistré."), "success")
    return redirect(url_for("requests.show", request_id=request_id), 303)


@bp.get("/demandes/<request_id>/refus")
@requires(Permission.REQUEST_WRITE)
def confirm_decline(request_id: str) -> str:
    """Show the form that does not take a proposal over."""
    return _decline_page(request_id, forms.Form())


@bp.post("/demandes/<request_id>/refus")
@requires(Permission.REQUEST_WRITE)
def decline(request_id: str) -> Response | tuple[str, int]:
    """Do not take a partner's proposal over, and say why."""

    def act(values: dict[str, Any]) -> bool:
        service.decline(current_actor(), request_id, **values)
        return True

    form, done = forms.submit(DeclineInput(), act)
    if not done:
        return _decline_page(request_id, form), 422
    flash("La proposition n’est pas retenue. Le partenaire lit votre raison.", "success")
    return redirect(url_for("requests.show", request_id=request_id), 303)


def _decline_page(request_id: str, form: forms.Form) -> str:
    panel = service.read_request(current_actor(), request_id)
    if not panel.may_decline:
        abort(404)
    return render_template("requests/decline.html", panel=panel, form=form)


def _move(request_id: str, values: dict[str, Any]) -> RequestAction:
    action: RequestAction = values["action"]
    service.move(current_actor(), request_id, action, version=values["version"])
    return action
