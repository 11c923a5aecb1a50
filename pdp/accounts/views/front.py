"""Sign-in, sign-out, choice of the membership, and who sits in the cellule."""

from typing import Any

from flask import abort, current_app, make_response, redirect, render_template, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from pdp.accounts import listeners, login, queries, remembering, service
from pdp.accounts.login import limits_of
from pdp.accounts.schemas import MembershipInput, SignInInput
from pdp.accounts.views import bp
from pdp.core import clock, db
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, public, requires
from pdp.web.pages import absolute_url


@bp.get("/connexion")
@public
def sign_in() -> Any:
    """Show the sign-in page; in demo mode, the people to choose from."""
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    return _sign_in_page(forms.Form())


@bp.post("/connexion")
@public
def sign_in_post() -> Any:
    """Sign in with an address and a password."""
    limits = limits_of(current_app.config["PDP"])
    form, token = forms.submit(
        SignInInput(),
        lambda values: service.sign_in(
            **values,
            source=login.source(),
            limits=limits,
            device=login.device(),
            remembered=remembering.read(),
        ),
    )
    return login.admit(token, login.next_page()) if token else (_sign_in_page(form), 422)


@bp.post("/connexion/demonstration")
@public
def sign_in_demo() -> Any:
    """Sign in as a person of the demo world; the route answers 404 outside demo mode."""
    settings = current_app.config["PDP"]
    if not settings.demo:
        abort(404)
    form = forms.read(MembershipInput())
    membership = form.values.get("membership", "")
    return login.admit(service.sign_in_as(membership, limits_of(settings), device=login.device()), login.next_page())


@bp.post("/deconnexion")
@requires(Permission.ACCOUNT_USE)
def sign_out() -> Response:
    """Revoke the session on the server, then forget the cookie; end the session of the provider that opened it."""
    token = current_user.token
    service.sign_out(token)
    logout_user()
    session.clear()
    elsewhere = listeners.find_session_elsewhere(token, absolute_url("accounts.sign_in"))
    answer = _leave_for(*elsewhere) if elsewhere else redirect(url_for("accounts.sign_in"))
    # Not "cookies": it would sign the person out of every other site under the same domain.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/mon-role")
@requires(Permission.ACCOUNT_USE)
def memberships() -> str:
    """List the memberships of the signed-in person, and say which one is in use."""
    actor = current_actor()
    with db.reading(actor):
        found = queries.list_memberships(actor.user_id, clock.today())
    return render_template("accounts/memberships.html", memberships=found, actor=actor)


@bp.post("/mon-role")
@requires(Permission.ACCOUNT_USE)
@proven
def use_membership() -> Response:
    """Change the membership in use."""
    form = forms.read(MembershipInput())
    login.renew(service.use_membership(current_actor(), current_user.token, form.values.get("membership", "")))
    return redirect(url_for("home.index"))


@bp.get("/cellule")
@requires(Permission.CELLULE_READ)
def cellule() -> str:
    """Show the cellule: its rules, seats, holders and associated organisations."""
    return render_template("accounts/cellule.html", page=service.read_cellule(current_actor()))


def _leave_for(name: str, address: str) -> Response:
    page = render_template(
        "layout/away.html",
        heading="Vous êtes déconnecté",
        message=f"Votre session ouverte chez {name} se ferme aussi.",
        label=f"Fermer ma session {name}",
        address=address,
    )
    return make_response(page)


def _sign_in_page(form: forms.Form) -> str:
    settings = current_app.config["PDP"]
    people = _demo_people() if settings.demo else []
    return render_template("accounts/sign_in.html", form=form, people=people, suite=login.next_page())


def _demo_people() -> list[Any]:
    with db.reading():
        return list(queries.list_everyone(clock.today()))
