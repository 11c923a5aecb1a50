"""The emergency access: ask for it, end it, and the register that the data-protection officer reviews."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from pdp.cases.schemas import EmergencyInput, ReviewInput
from pdp.cases.service import emergency as service
from pdp.cases.views import bp
from pdp.core.errors import InvalidInput
from pdp.policy.permissions import Permission
from pdp.policy.roles import ROLE_NAMES, Role
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires


@bp.get("/acces-urgence")
@requires(Permission.EMERGENCY_USE)
@proven
def ask_emergency() -> str:
    """Say what an emergency access is, and ask for the exact reference and the reason."""
    return _page(forms.Form())


@bp.post("/acces-urgence")
@requires(Permission.EMERGENCY_USE)
@proven
def ask_emergency_post() -> Any:
    """Open the case."""
    actor, token = current_actor(), current_user.token
    form, case_id = forms.submit(EmergencyInput(), lambda values: service.open_emergency(actor, token, **values))
    if case_id is None:
        return _page(form), 422
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


@bp.post("/acces-urgence/fin")
@requires(Permission.ACCOUNT_USE)
def end_emergency() -> Any:
    """End the access before its time."""
    service.end_emergency(current_actor(), current_user.token)
    flash("L’accès d’urgence est terminé.", "success")
    return redirect(url_for("home.index"), 303)


@bp.get("/acces-urgence/registre")
@requires(Permission.EMERGENCY_REVIEW)
def emergency_register() -> str:
    """Show every emergency access to the cases of the cellule."""
    return _register(forms.Form(), None)


@bp.post("/acces-urgence/registre/<access_id>")
@requires(Permission.EMERGENCY_REVIEW)
def review_emergency(access_id: str) -> Any:
    """Say what was found of an access."""
    actor = current_actor()

    def review(values: dict[str, Any]) -> bool:
        service.review_access(actor, access_id, **values)
        return True

    form, done = forms.submit(ReviewInput(), review)
    if not done:
        if "_form" in form.errors:
            raise InvalidInput(form.errors, form.errors["_form"][0])
        return _register(form, access_id), 422
    flash("L’accès est marqué comme examiné.", "success")
    return redirect(url_for("cases.emergency_register"), 303)


def _page(form: forms.Form) -> str:
    cellules = service.list_cellules(current_actor())
    return render_template("cases/emergency.html", form=form, cellules=cellules)


def _register(form: forms.Form, access_id: str | None) -> str:
    rows = service.read_register(current_actor())
    names = {role.value: ROLE_NAMES[role] for role in Role}
    return render_template("cases/emergency_register.html", rows=rows, role_names=names, form=form, failed=access_id)
