"""The decision of the deciding body, once the cellule gave its opinion."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.core import clock
from pdp.core.errors import Conflict
from pdp.meetings import service
from pdp.meetings.rules.appeal import proposed_routes
from pdp.meetings.schemas.planning import DecisionInput
from pdp.meetings.service import worklists
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.requests.enums import RequestAction
from pdp.requests.rules.workflow import can_move
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_LABELS = {
    "outcome": "La mesure est",
    "decided_on": "Date de la décision",
    "reasons": "Motifs",
    "appeal_routes": "Voies et délais de recours",
    "notified_on": "Date de notification à l’assuré",
    "prior_approval_on": "Date de l’accord préalable de la caisse",
}


@bp.get("/decisions")
@requires(Permission.DECISION_RECORD)
def decisions() -> str:
    """List the opinions that await a decision, the oldest first."""
    after = request.args.get("apres")
    page = worklists.list_decisions_to_record(current_actor(), after=after)
    return render_template("meetings/decisions.html", page=page, after=after)


@bp.get("/demandes/<request_id>/decision")
@requires(Permission.DECISION_RECORD)
def record_decision(request_id: str) -> str:
    """Show the opinion on a request, and its decision or the form that records it."""
    page = worklists.read_decision(current_actor(), request_id)
    proposed = {"appeal_routes": proposed_routes(page.awaited.sheet.decided_by)}
    return _page(page, forms.Form(proposed))


@bp.post("/demandes/<request_id>/decision")
@requires(Permission.DECISION_RECORD)
def record_decision_post(request_id: str) -> Any:
    """Record the decision, once."""
    actor = current_actor()
    try:
        form, recorded = forms.submit(
            DecisionInput(), lambda values: service.record_decision(actor, request_id, **values)
        )
    except Conflict as error:
        form, recorded = forms.Form(request.form, {"_form": [error.message]}), None
    if recorded is None:
        return _page(worklists.read_decision(actor, request_id), form), 422
    flash("La décision est enregistrée.", "success")
    return redirect(url_for("meetings.record_decision", request_id=request_id))


def _page(page: worklists.DecisionPage, form: forms.Form) -> str:
    decision = page.decision
    return render_template(
        "meetings/decision.html",
        awaited=page.awaited,
        decision=decision,
        phrases=page.phrases,
        held=page.held,
        recorded_at=clock.local(decision.recorded_at) if decision else None,
        expected=can_move(page.awaited.request.status, RequestAction.DECIDE),
        form=form,
        labels=_LABELS,
    )
