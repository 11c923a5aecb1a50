"""Change one's password, or choose a new one by a link when it is forgotten."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from pdp.accounts import login, service
from pdp.accounts.schemas import ChangePasswordInput, NewPasswordInput, ResetRequestInput
from pdp.accounts.views import bp
from pdp.notifications import post
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.filters import plural
from pdp.web.forms import Form
from pdp.web.guards import current_actor, proven, public, requires


@bp.get("/mon-compte/mot-de-passe")
@requires(Permission.ACCOUNT_USE)
@proven
def change_password() -> str:
    """Show the form that changes one's password."""
    return _change_page(Form())


@bp.post("/mon-compte/mot-de-passe")
@requires(Permission.ACCOUNT_USE)
@proven
def change_password_post() -> Any:
    """Change one's password; one's other sign-ins end."""
    form, ended = forms.submit(
        ChangePasswordInput(),
        lambda values: service.change_password(current_actor(), current_user.token, **values),
    )
    if ended is None:
        return _change_page(_untyped(form)), 422
    others = f" {plural(ended, 'autre session terminée', 'autres sessions terminées')}." if ended else ""
    flash(f"Votre mot de passe est changé.{others}", "success")
    return redirect(url_for("accounts.own_account"), 303)


@bp.get("/mot-de-passe-oublie")
@public
def forgotten() -> str:
    """Show the form that asks for a link."""
    return _forgotten_page(Form())


@bp.post("/mot-de-passe-oublie")
@public
def forgotten_post() -> Any:
    """Ask for a link; the answer is the same for every address."""
    form = forms.read(ResetRequestInput())
    if not form.is_valid:
        return _forgotten_page(form), 422
    service.ask_reset(form.values["email"], login.source())
    return render_template("accounts/forgotten_done.html", has_post=post.installed() is not None)


@bp.get("/mot-de-passe/<token>")
@public
def choose_password(token: str) -> str:
    """Show the form that chooses a new password, to whoever holds the link."""
    service.check_reset(token)
    return render_template("accounts/choose_password.html", form=Form())


@bp.post("/mot-de-passe/<token>")
@public
def choose_password_post(token: str) -> Response | tuple[str, int]:
    """Choose a new password; it opens no session."""

    def act(values: dict[str, str]) -> bool:
        service.reset_password(token, **values)
        return True

    form, done = forms.submit(NewPasswordInput(), act)
    if not done:
        return render_template("accounts/choose_password.html", form=_untyped(form)), 422
    flash("Votre mot de passe est changé et vos sessions sont terminées. Connectez-vous avec le nouveau.", "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _untyped(form: Form) -> Form:
    # What was typed is a password: it is never shown again.
    return Form({}, form.errors)


def _change_page(form: Form) -> str:
    return render_template(
        "accounts/change_password.html", form=form, account=service.read_own_account(current_actor())
    )


def _forgotten_page(form: Form) -> str:
    return render_template("accounts/forgotten.html", form=form, has_post=post.installed() is not None)
