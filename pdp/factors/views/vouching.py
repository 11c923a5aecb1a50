"""Requests for recovery, for those who may recognise the person who asks."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.factors.enums import Recognition
from pdp.factors.schemas import VouchInput
from pdp.factors.service import vouching
from pdp.factors.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires


@bp.get("/cellule/recuperations")
@requires(Permission.RECOVERY_VOUCH)
def list_recoveries() -> str:
    """List the requests that the visitor may be one of the two of."""
    return render_template("factors/recoveries.html", requests=vouching.list_requests(current_actor()))


@bp.get("/cellule/recuperations/<recovery_id>")
@requires(Permission.RECOVERY_VOUCH)
def show_recovery(recovery_id: str) -> str:
    """Show one request, with what it takes to vouch."""
    return _page(recovery_id, forms.Form())


@bp.post("/cellule/recuperations/<recovery_id>")
@requires(Permission.RECOVERY_VOUCH)
@proven
def vouch(recovery_id: str) -> Any:
    """Give one's word."""
    form, _ = forms.submit(VouchInput(), lambda values: vouching.vouch(current_actor(), recovery_id, **values))
    if not form.is_valid:
        return _page(recovery_id, form), 422
    flash("Votre parole est enregistrée. Vous pouvez la reprendre tant que le compte n’est pas récupéré.", "success")
    return redirect(url_for("factors.show_recovery", recovery_id=recovery_id), 303)


@bp.post("/cellule/recuperations/<recovery_id>/arret")
@requires(Permission.RECOVERY_VOUCH)
def stop_recovery(recovery_id: str) -> Any:
    """Refuse a request, or take one's word back."""
    vouching.stop(current_actor(), recovery_id)
    flash(
        "La demande a pris fin. La personne en est prévenue, ainsi que celles qui avaient donné leur parole.",
        "success",
    )
    return redirect(url_for("factors.list_recoveries"), 303)


def _page(recovery_id: str, form: forms.Form) -> str:
    return render_template(
        "factors/recovery.html",
        form=form,
        asked=vouching.read_request(current_actor(), recovery_id),
        ways=[(way.value, way.label) for way in Recognition],
    )
