"""« Mon compte »: who one is here, how one signs in, and the sign-ins open at this moment."""

from flask import current_app, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from pdp.accounts import service
from pdp.accounts.login import limits_of
from pdp.accounts.views import bp
from pdp.core import clock
from pdp.policy.permissions import Permission
from pdp.web.filters import plural
from pdp.web.guards import current_actor, requires


@bp.get("/mon-compte")
@requires(Permission.ACCOUNT_USE)
def own_account() -> str:
    """Show the account of the signed-in person."""
    actor = current_actor()
    sign_ins = service.list_own(actor, current_user.token, limits_of(current_app.config["PDP"]))
    return render_template(
        "accounts/own.html",
        account=service.read_own_account(actor),
        sign_ins=sign_ins,
        actor=actor,
        local=clock.local,
    )


@bp.post("/mon-compte/connexions/<sign_in_id>/fin")
@requires(Permission.ACCOUNT_USE)
def end_sign_in(sign_in_id: str) -> Response:
    """End another sign-in of the person."""
    service.end_one(current_actor(), current_user.token, sign_in_id)
    flash("La session est terminée : elle n’ouvre plus rien.", "success")
    return redirect(url_for("accounts.own_account"), 303)


@bp.post("/mon-compte/connexions/fin")
@requires(Permission.ACCOUNT_USE)
def end_other_sign_ins() -> Response:
    """End every sign-in of the person but this one."""
    ended = service.end_others(current_actor(), current_user.token)
    flash(
        f"{plural(ended, 'session terminée')}. Seule celle-ci reste ouverte."
        if ended
        else "Aucune autre session n’était ouverte.",
        "success",
    )
    return redirect(url_for("accounts.own_account"), 303)
