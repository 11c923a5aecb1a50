"""Restrict a case to named readers, change them, lift the restriction."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.cases import service
from pdp.cases.schemas import LiftInput, RestrictionInput
from pdp.cases.service.restricting import Restriction
from pdp.cases.views import bp, fields
from pdp.core.errors import InvalidInput
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires


@bp.get("/dossiers/<case_id>/acces-restreint")
@requires(Permission.CASE_RESTRICT)
@proven
def restrict_case(case_id: str) -> str:
    """Show who may open the case, and choose."""
    found = service.prepare_restriction(current_actor(), case_id)
    stored = {
        "version": found.case.version,
        "reason": found.reason or "",
        "people": sorted(found.named_people),
        "organisations": sorted(found.named_organisations),
    }
    return _page(found, forms.Form(stored))


@bp.post("/dossiers/<case_id>/acces-restreint")
@requires(Permission.CASE_RESTRICT)
@proven
def restrict_case_post(case_id: str) -> Any:
    """Restrict the case to the readers chosen."""
    actor = current_actor()

    def restrict(values: dict[str, Any]) -> bool:
        service.restrict_case(actor, case_id, **values)
        return True

    form, done = forms.submit(RestrictionInput(), restrict)
    if not done:
        return _page(service.prepare_restriction(actor, case_id), form), 422
    flash("L’accès est restreint : pour toute autre personne, ce dossier n’existe plus.", "success")
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


@bp.post("/dossiers/<case_id>/acces-restreint/levee")
@requires(Permission.CASE_RESTRICT)
@proven
def lift_restriction(case_id: str) -> Any:
    """Open the case again to the cellule."""
    form = forms.read(LiftInput())
    if not form.is_valid:
        raise InvalidInput(form.errors, "La demande est incomplète. Revenez à la page du dossier, puis recommencez.")
    service.lift_restriction(current_actor(), case_id, **form.values)
    flash("La restriction est levée : la cellule voit de nouveau ce dossier.", "success")
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


def _page(found: Restriction, form: forms.Form) -> str:
    reason = next(field for field in fields.of(RestrictionInput()) if field.name == "reason")
    return render_template("cases/restriction.html", found=found, case=found.case, form=form, reason=reason)
