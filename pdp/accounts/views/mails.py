"""« Courriels »: how mails reach the person, and the days when another sits in their place."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.accounts import service
from pdp.accounts.schemas import MailsInput
from pdp.accounts.views import bp
from pdp.core import clock
from pdp.notifications.enums import Pace
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

_CHOICES = ("mails_about_cases", "mails_about_meetings", "mails_about_duties")


@bp.get("/mon-compte/courriels")
@requires(Permission.ACCOUNT_USE)
def own_mails() -> str:
    """Show the choices of the signed-in person."""
    return _page(None)


@bp.post("/mon-compte/courriels")
@requires(Permission.ACCOUNT_USE)
def own_mails_post() -> Any:
    """Keep the choices."""
    form, done = forms.submit(MailsInput(), lambda values: service.choose_mails(current_actor(), **values))
    if not done:
        return _page(form), 422
    flash("Vos choix sont enregistrés.", "success")
    return redirect(url_for("accounts.own_mails"), 303)


def _page(form: Form | None) -> str:
    mails = service.read_own_mails(current_actor())
    if form is None:
        user = mails.user
        stored: dict[str, Any] = {name: getattr(user, name).value for name in _CHOICES}
        for name in ("absent_from", "absent_until"):
            day = getattr(user, name)
            stored[name] = day.isoformat() if day else ""
        form = Form(stored)
    return render_template(
        "accounts/mails.html", form=form, mails=mails, paces=list(Pace), today=clock.today(), local=clock.local
    )
