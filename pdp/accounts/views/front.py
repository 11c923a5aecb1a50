"""Sign-in, sign-out, choice of the membership, and who sits in the cellule."""

from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from pdp.accounts import login, queries, service
from pdp.accounts.login import limits_of
from pdp.accounts.schemas import MembershipInput, SignInInput
from pdp.accounts.views import bp
from pdp.core import clock, db
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, public, requires


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
            **values, source=request.remote_addr or "", limits=limits, device=login.device()
        ),
    )
    return login.admit(token, _next_page()) if token else (_sign_in_page(form), 422)


@bp.post("/connexion/demonstration")
@public
def sign_in_demo() -> Any:
    """Sign in as a person of the demo world; the route answers 404 outside demo mode."""
    settings = current_app.config["PDP"]
    if not settings.demo:
        abort(404)
    form = forms.read(MembershipInput())
    membership = form.values.get("membership", "")
    return login.admit(service.sign_in_as(membership, limits_of(settings), device=login.device()), _next_page())


@bp.post("/deconnexion")
@requires(Permission.ACCOUNT_USE)
def sign_out() -> Response:
    """Revoke the session on the server, then forget the cookie."""
    service.sign_out(current_user.token)
    logout_user()
    session.clear()
    answer = redirect(url_for("accounts.sign_in"))
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


def _sign_in_page(form: forms.Form) -> str:
    settings = current_app.config["PDP"]
    people = _demo_people() if settings.demo else []
    return render_template("accounts/sign_in.html", form=form, people=people, suite=_next_page())


def _demo_people() -> list[Any]:
    with db.reading():
        return list(queries.list_everyone(clock.today()))


def _next_page() -> str | None:
    """Return the page asked for before sign-in, if it is a path of this site."""
    wanted = request.values.get("suite", "")
    parts = urlsplit(wanted)
    is_local = (
        wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    )
    return wanted if is_local else None
