"""Recovery as the person who lost every factor lives it: at the second step of a sign-in, then from their account."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from pdp.accounts import login
from pdp.accounts import service as accounts
from pdp.accounts.service import Pending
from pdp.factors import service
from pdp.factors.schemas import NumberInput
from pdp.factors.service import recovery
from pdp.factors.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, public, requires


@bp.get("/connexion/recuperation")
@public
def recover() -> Any:
    """Say what recovery takes, or where the request under way is."""
    pending = login.pending()
    if pending is None or not recovery.may_ask(pending):
        return redirect(url_for("factors.challenge"))
    if not service.kinds_held(pending.user_id):
        return redirect(url_for("factors.enrol"))
    return _page(pending, forms.Form())


@bp.post("/connexion/recuperation")
@public
def recover_ask() -> Any:
    """Make a request."""
    pending = login.pending()
    if pending is None:
        return redirect(url_for("accounts.sign_in"))
    form, _ = forms.submit(forms.Input(), lambda _values: recovery.ask(login.pending_token(), pending))
    return redirect(url_for("factors.recover"), 303) if form.is_valid else (_page(pending, form), 422)


@bp.post("/connexion/recuperation/annulation")
@public
def recover_cancel() -> Any:
    """End one's own request before it had an effect."""
    if login.pending() is None:
        return redirect(url_for("accounts.sign_in"))
    recovery.cancel_own(accounts.signing_in(login.pending_token()))
    flash("La demande est annulée. Vos moyens de connexion restent ceux d’avant.", "success")
    return redirect(url_for("factors.challenge"), 303)


@bp.post("/connexion/recuperation/suite")
@public
def recover_begin() -> Any:
    """Let a person vouched for register a new factor."""
    pending = login.pending()
    if pending is None:
        return redirect(url_for("accounts.sign_in"))
    form, token = forms.submit(
        NumberInput(), lambda values: recovery.begin_enrolment(login.pending_token(), pending, values["number"])
    )
    return login.admit(token) if token else (_page(pending, form), 422)


@bp.get("/mon-compte/recuperation")
@requires(Permission.ACCOUNT_USE)
def own_recovery() -> str:
    """Show to a person who is signed in the request made in their name, to cancel it if it is not theirs."""
    return render_template("factors/own_recovery.html", own=recovery.find_own(current_actor(), current_user.token))


@bp.post("/mon-compte/recuperation")
@requires(Permission.ACCOUNT_USE)
def own_recovery_cancel() -> Any:
    """End a request made in one's name."""
    recovery.cancel_own(current_actor())
    flash("La demande est annulée. Si elle ne venait pas de vous, changez votre mot de passe maintenant.", "success")
    return redirect(url_for("factors.own_recovery"), 303)


def _page(pending: Pending, form: forms.Form) -> str:
    token = login.pending_token()
    own = recovery.find_own(accounts.signing_in(token), token)
    return render_template("factors/recover.html", form=form, pending=pending, own=own)
