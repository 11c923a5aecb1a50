"""« Mes moyens de connexion »: what one signs in with, besides a password."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from pdp.accounts import login
from pdp.core import clock
from pdp.core.errors import RuleViolation
from pdp.factors.qr import qr_svg
from pdp.factors.schemas import AddTotpInput, NameInput
from pdp.factors.service import enrolment, own_factors
from pdp.factors.service.enrolment import Offer
from pdp.factors.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires


@bp.get("/mon-compte/securite")
@requires(Permission.ACCOUNT_USE)
def security() -> str:
    """List the factors of the signed-in person."""
    return render_template("factors/security.html", factors=own_factors.list_own(current_actor()), local=clock.local)


@bp.get("/mon-compte/securite/application")
@requires(Permission.ACCOUNT_USE)
@proven
def add_totp() -> str:
    """Offer a secret for one more application of codes."""
    actor = current_actor()
    return _add_page(forms.Form(), enrolment.offer(actor.user_id, actor.name, current_user.token))


@bp.post("/mon-compte/securite/application")
@requires(Permission.ACCOUNT_USE)
@proven
def add_totp_post() -> Any:
    """Keep the application once a code of it was typed."""
    actor, token = current_actor(), current_user.token
    form, renewed = forms.submit(AddTotpInput(), lambda values: enrolment.add_totp(actor, token, **values))
    if renewed is None:
        offer = enrolment.offer_again(actor.user_id, actor.name, token, str(form.value("offer")))
        return _add_page(form, offer), 422
    return _changed(renewed, "L’application est enregistrée. Vos autres sessions sont fermées.")


@bp.get("/mon-compte/securite/<factor_id>")
@requires(Permission.ACCOUNT_USE)
def show_factor(factor_id: str) -> str:
    """Show one factor: its name, and the way to remove it."""
    return _factor_page(factor_id, forms.Form())


@bp.post("/mon-compte/securite/<factor_id>")
@requires(Permission.ACCOUNT_USE)
def rename_factor(factor_id: str) -> Any:
    """Name a factor."""
    actor = current_actor()

    def rename(values: dict[str, Any]) -> bool:
        own_factors.rename(actor, factor_id, **values)
        return True

    form, done = forms.submit(NameInput(), rename)
    if not done:
        return _factor_page(factor_id, form), 422
    flash("Le nom est enregistré.", "success")
    return redirect(url_for("factors.security"), 303)


@bp.get("/mon-compte/securite/<factor_id>/retrait")
@requires(Permission.ACCOUNT_USE)
@proven
def remove_factor(factor_id: str) -> str:
    """Say what removing a factor does."""
    return _removal_page(factor_id, "")


@bp.post("/mon-compte/securite/<factor_id>/retrait")
@requires(Permission.ACCOUNT_USE)
@proven
def remove_factor_post(factor_id: str) -> Any:
    """Remove a factor."""
    try:
        renewed = own_factors.remove(current_actor(), current_user.token, factor_id)
    except RuleViolation as refusal:
        return _removal_page(factor_id, refusal.message), 422
    return _changed(renewed, "Ce moyen de connexion est retiré. Vos autres sessions sont fermées.")


def _changed(token: str, said: str) -> Response:
    login.renew(token)
    flash(said, "success")
    return redirect(url_for("factors.security"), 303)


def _add_page(form: forms.Form, offer: Offer) -> str:
    return render_template("factors/add_totp.html", form=form, offer=offer, qr=qr_svg(offer.uri))


def _factor_page(factor_id: str, form: forms.Form) -> str:
    factors = own_factors.list_own(current_actor())
    line = own_factors.find_own(current_actor(), factor_id)
    return render_template("factors/factor.html", form=form, factor=line, is_last=len(factors) == 1)


def _removal_page(factor_id: str, refusal: str) -> str:
    line = own_factors.find_own(current_actor(), factor_id)
    return render_template("factors/remove.html", factor=line, refusal=refusal)
