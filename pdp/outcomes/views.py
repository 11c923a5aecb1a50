"""Pages of outcomes: the « Suivi » tab of a case, and the form that records an outcome."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.dispositifs.enums import StatusGroup
from pdp.outcomes import rules, service
from pdp.outcomes.enums import MeasureConclusion
from pdp.outcomes.schemas import OutcomeInput
from pdp.outcomes.service import OutcomePage
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

bp = Blueprint("outcomes", __name__)


@bp.get("/dossiers/<case_id>/suivi")
@requires(Permission.CASE_READ)
def case_outcomes(case_id: str) -> str:
    """Show what became of each request of a case."""
    case, followed = service.read_case_outcomes(current_actor(), case_id)
    return render_template("outcomes/case.html", case=case, tab="outcomes", followed=followed, table=rules.TABLE)


@bp.get("/demandes/<request_id>/issue")
@requires(Permission.OUTCOME_RECORD)
def record(request_id: str) -> str:
    """Show the form that records an outcome, for one status of the person."""
    page = service.prepare_outcome(current_actor(), request_id)
    return _form_page(page, _chosen(page, request.args.get("statut")), forms.Form())


@bp.post("/demandes/<request_id>/issue")
@requires(Permission.OUTCOME_RECORD)
def record_post(request_id: str) -> Response | tuple[str, int]:
    """Record an outcome; invalid values come back as they were typed."""
    actor = current_actor()
    form, case_id = forms.submit(OutcomeInput(), lambda values: service.record_outcome(actor, request_id, **values))
    if case_id is None:
        page = service.prepare_outcome(actor, request_id)
        return _form_page(page, _chosen(page, form.value("status_group")), form), 422
    flash("L’issue est enregistrée.", "success")
    return redirect(url_for("outcomes.case_outcomes", case_id=case_id), 303)


def _chosen(page: OutcomePage, wanted: Any) -> StatusGroup:
    """Return the status that the form is for: the one asked, else the first of the person."""
    return next((group for group in page.statuses if group == wanted), page.statuses[0])


def _form_page(page: OutcomePage, group: StatusGroup, form: forms.Form) -> str:
    codes = [(family.label, [(code.value, code.label) for code in codes]) for family, codes in rules.choices(group)]
    return render_template(
        "outcomes/record.html",
        page=page,
        group=group,
        form=form,
        codes=codes,
        results=[(result.value, result.label) for result in page.results],
        conclusions=[(each.value, each.label) for each in MeasureConclusion] if page.asks_conclusion else [],
    )
