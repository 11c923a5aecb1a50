"""Take no more part in a case: one's own déport."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.cases import service
from pdp.cases.rules.view import CaseView
from pdp.cases.schemas import RecusalInput
from pdp.cases.views import bp, fields
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires


@bp.get("/dossiers/<case_id>/deport")
@requires(Permission.CASE_RECUSE)
def recuse(case_id: str) -> str:
    """Say what a déport takes away, and ask why."""
    return _page(service.prepare_recusal(current_actor(), case_id), forms.Form())


@bp.post("/dossiers/<case_id>/deport")
@requires(Permission.CASE_RECUSE)
def recuse_post(case_id: str) -> Any:
    """Declare one's déport: the case is missing from then on."""
    actor = current_actor()

    def declare(values: dict[str, Any]) -> bool:
        service.declare_recusal(actor, case_id, **values)
        return True

    form, done = forms.submit(RecusalInput(), declare)
    if not done:
        return _page(service.prepare_recusal(actor, case_id), form), 422
    flash("Vous vous êtes déporté : ce dossier ne vous est plus ouvert, et vous n’y votez pas.", "success")
    return redirect(url_for("cases.list_cases"), 303)


def _page(case: CaseView, form: forms.Form) -> str:
    reason = next(field for field in fields.of(RecusalInput()) if field.name == "reason")
    return render_template("cases/recusal.html", case=case, form=form, reason=reason)
