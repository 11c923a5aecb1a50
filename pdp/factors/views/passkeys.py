"""Passkeys: what the browser asks for before it uses one, and where its answer goes."""

import secrets
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, session, url_for
from flask_login import current_user

from pdp.accounts import login
from pdp.accounts import service as accounts
from pdp.accounts.enums import SignInStage
from pdp.accounts.service import Pending
from pdp.core.errors import NotFound, RuleViolation
from pdp.factors import step_up
from pdp.factors.schemas import AddPasskeyInput, PasskeyInput
from pdp.factors.service import enrolment, passkeys, registering
from pdp.factors.service.ceremony import Site
from pdp.factors.site import find_site
from pdp.factors.views import bp
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, public, requires

# The number that the cookie of a visitor holds, so that a challenge is for this browser alone.
_BROWSER = "passkey_browser"


@bp.app_context_processor
def context() -> dict[str, Any]:
    """Give every page the host of passkeys: the sign-in page is not this feature's."""
    return {"passkey_host": lambda: site.host if (site := find_site()) else ""}


@bp.post("/connexion/cle-acces/defi")
@public
def passkey_sign_in_ask() -> Response:
    """Return what the browser needs to sign in with a passkey alone."""
    session[_BROWSER] = secrets.token_urlsafe(16)
    return _json(passkeys.ask_anyone(session[_BROWSER], _site()))


@bp.post("/connexion/cle-acces")
@public
def passkey_sign_in() -> Any:
    """Sign in with a passkey alone."""
    form, holder = forms.read(PasskeyInput()), str(session.get(_BROWSER, ""))
    limits = login.limits_of(current_app.config["PDP"])
    try:
        token = passkeys.sign_in(form.values.get("credential", ""), holder, _site(), limits, device=login.device())
    except RuleViolation as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("accounts.sign_in", suite=login.next_page()), 303)
    return login.admit(token, login.next_page())


@bp.post("/connexion/second-facteur/cle-acces/defi")
@public
def passkey_prove_ask() -> Response:
    """Return what the browser needs to prove with a passkey: at the second step of a sign-in, or in an open one."""
    if current_user.is_authenticated:
        return _json(passkeys.ask(current_user.actor.user_id, current_user.token, _site()))
    return _json(passkeys.ask(_pending().user_id, login.pending_token(), _site()))


@bp.post("/connexion/second-facteur/cle-acces")
@public
def passkey_prove() -> Any:
    """Take a passkey at the second step of a sign-in, and let it go on."""
    _pending()
    form, token = forms.read(PasskeyInput()), login.pending_token()
    try:
        actor = accounts.signing_in(token)
        renewed = passkeys.prove(actor, token, form.values.get("credential", ""), _site())
    except RuleViolation as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("factors.challenge"), 303)
    return login.admit(renewed)


@bp.post("/connexion/premiere-cle/defi")
@public
def passkey_first_ask() -> Response:
    """Return what the browser needs to make the first factor of a person."""
    pending = _pending()
    if not enrolment.may_enrol(pending):
        raise NotFound
    return _json(registering.ask(pending.user_id, login.pending_token(), _site()))


@bp.post("/connexion/premiere-cle")
@public
def passkey_first() -> Any:
    """Keep the first factor of a person, and let the sign-in go on."""
    pending, form, token = _pending(), forms.read(PasskeyInput()), login.pending_token()
    try:
        renewed = registering.register_first(token, pending, form.values.get("credential", ""), _site())
    except RuleViolation as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("factors.challenge"), 303)
    return login.admit(renewed)


@bp.get("/mon-compte/securite/cle-acces")
@requires(Permission.ACCOUNT_USE)
@proven
def add_passkey() -> str:
    """Ask for the name of a new passkey."""
    return render_template("factors/add_passkey.html", form=forms.Form())


@bp.post("/mon-compte/securite/cle-acces/defi")
@requires(Permission.ACCOUNT_USE)
def add_passkey_ask() -> Response:
    """Return what the browser needs to make one more passkey."""
    return _json(registering.ask(current_actor().user_id, current_user.token, _site()))


@bp.post("/mon-compte/securite/cle-acces")
@requires(Permission.ACCOUNT_USE)
@proven
def add_passkey_post() -> Any:
    """Keep one more passkey of a person."""
    form, renewed = forms.submit(
        AddPasskeyInput(),
        lambda values: registering.register(current_actor(), current_user.token, site=_site(), **values),
    )
    if not renewed:
        return render_template("factors/add_passkey.html", form=form), 422
    login.renew(renewed)
    flash("La clé d’accès est enregistrée. Vos autres connexions ouvertes ont pris fin.", "success")
    return redirect(url_for("factors.security"), 303)


def _prove_again(actor: Actor, token: str, credential: str, _source: str) -> str:
    return passkeys.prove(actor, token, credential, _site())


step_up.WAYS["step_up_passkey"] = _prove_again


def _pending() -> Pending:
    pending = login.pending()
    if pending is None or pending.stage is not SignInStage.SECOND_FACTOR:
        raise NotFound
    return pending


def _site() -> Site:
    return find_site() or abort(404)


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
