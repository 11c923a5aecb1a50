"""The confidentiality undertaking: accepted on the way in, read again from one's account."""

from typing import Any

from flask import redirect, render_template, url_for

from pdp.accounts import login, service, undertakings
from pdp.accounts.enums import SignInStage
from pdp.accounts.schemas import UndertakingInput
from pdp.accounts.views import bp
from pdp.core import clock
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, public, requires


@bp.get("/connexion/engagement")
@public
def undertaking() -> Any:
    """Show the text that the sign-in under way must accept; nothing else of the site opens before."""
    return _page(Form()) if _is_awaited() else redirect(url_for("accounts.sign_in"))


@bp.post("/connexion/engagement")
@public
def undertaking_post() -> Any:
    """Accept the text, and let the sign-in open."""
    if not _is_awaited():
        return redirect(url_for("accounts.sign_in"), 303)
    form, token = forms.submit(UndertakingInput(), lambda values: service.undertake(login.pending_token(), **values))
    return login.admit(token) if token else (_page(form), 422)


@bp.get("/mon-compte/engagement")
@requires(Permission.ACCOUNT_USE)
def read_undertaking() -> str:
    """Show the text that the signed-in person accepted, to read again or to print."""
    actor = current_actor()
    accepted = service.list_accepted(actor.user_id)
    text = undertakings.find(accepted[0].undertaking) if accepted else None
    return render_template(
        "accounts/own_undertaking.html",
        undertaking=text or undertakings.in_force(),
        accepted=accepted,
        actor=actor,
        local=clock.local,
    )


def _is_awaited() -> bool:
    pending = login.pending()
    return pending is not None and pending.stage is SignInStage.UNDERTAKING


def _page(form: Form) -> str:
    pending = login.pending()
    assert pending is not None
    return render_template(
        "accounts/undertaking.html", undertaking=undertakings.in_force(), form=form, name=pending.full_name
    )
