"""The second step of a sign-in: what the person has, or their first factor."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user

from pdp.accounts import login
from pdp.accounts import service as accounts
from pdp.accounts.enums import SignInStage
from pdp.accounts.service import Pending
from pdp.factors import service
from pdp.factors.qr import qr_svg
from pdp.factors.schemas import CodeInput, EnrolInput
from pdp.factors.service import enrolment, totp
from pdp.factors.service.enrolment import Offer
from pdp.factors.views import bp
from pdp.web import forms
from pdp.web.guards import public


@bp.get("/connexion/second-facteur")
@public
def challenge() -> Any:
    """Ask for the second factor of a sign-in on its way; lead elsewhere who has none, or needs none."""
    pending = login.pending()
    if pending is None or pending.stage is not SignInStage.SECOND_FACTOR:
        return _elsewhere(pending)
    if enrolment.may_enrol(pending):
        return redirect(url_for("factors.enrol"))
    return _challenge_page(pending, forms.Form())


@bp.post("/connexion/second-facteur")
@public
def challenge_post() -> Any:
    """Take a code, and let the sign-in go on."""
    pending, token = login.pending(), login.pending_token()
    if pending is None or pending.stage is not SignInStage.SECOND_FACTOR:
        return _elsewhere(pending)
    form, renewed = forms.submit(
        CodeInput(),
        lambda values: totp.prove(accounts.signing_in(token), token, values["code"], login.source()),
    )
    return login.admit(renewed) if renewed else (_challenge_page(pending, form), 422)


@bp.get("/connexion/premier-code")
@public
def enrol() -> Any:
    """Offer a secret to who has no factor yet."""
    pending = login.pending()
    if pending is None or pending.stage is not SignInStage.SECOND_FACTOR:
        return _elsewhere(pending)
    if not enrolment.may_enrol(pending):
        return redirect(url_for("factors.challenge"))
    return _enrol_page(
        pending, forms.Form(), enrolment.offer(pending.user_id, pending.full_name, login.pending_token())
    )


@bp.post("/connexion/premier-code")
@public
def enrol_post() -> Any:
    """Keep the secret once a code of it was typed, and let the sign-in go on."""
    pending, token = login.pending(), login.pending_token()
    if pending is None or pending.stage is not SignInStage.SECOND_FACTOR:
        return _elsewhere(pending)
    if not enrolment.may_enrol(pending):
        return redirect(url_for("factors.challenge"))
    form, renewed = forms.submit(
        EnrolInput(), lambda values: enrolment.enrol_first(token, pending, values["offer"], values["code"])
    )
    if renewed:
        return login.admit(renewed)
    offer = enrolment.offer_again(pending.user_id, pending.full_name, token, str(form.value("offer")))
    return _enrol_page(pending, form, offer), 422


def _elsewhere(pending: Pending | None) -> Any:
    if pending is not None:
        return login.admit(login.pending_token())
    return redirect(url_for("home.index" if current_user.is_authenticated else "accounts.sign_in"))


def _challenge_page(pending: Pending, form: forms.Form) -> str:
    return render_template(
        "factors/challenge.html", form=form, pending=pending, kinds=service.kinds_held(pending.user_id)
    )


def _enrol_page(pending: Pending, form: forms.Form, offer: Offer) -> str:
    return render_template("factors/enrol.html", form=form, pending=pending, offer=offer, qr=qr_svg(offer.uri))
