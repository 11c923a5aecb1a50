"""Ask for a proof again before a grave act, without losing what was being sent.

The page answers 403: the request was understood, and refused until a proof comes with it. (401 would
have to name a scheme of HTTP authentication, and there is none here.) It carries every field of the
request, but files and the token against forgery, and sends them back to the same address with the proof.
"""

from collections.abc import Callable

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pdp.accounts import login
from pdp.core.errors import RuleViolation
from pdp.factors import service
from pdp.factors.service import totp
from pdp.policy.actor import Actor
from pdp.web import forms

# What takes a proof: who, the token of the sign-in, what was posted, from where. It returns the token drawn
# again, and raises `RuleViolation` for a wrong one.
Prove = Callable[[Actor, str, str, str], str]
# The field that each way of proving posts.
WAYS: dict[str, Prove] = {"step_up_code": totp.prove}
# A password is typed again rather than written in a page.
_NOT_CARRIED = frozenset({"csrf_token", "current", "password", "repeated"})


def ask_again() -> ResponseReturnValue | None:
    """Return the page that asks for a new proof; None when this request brought one: the act then goes on."""
    errors: dict[str, list[str]] = {}
    way = next((name for name in WAYS if request.form.get(name)), None) if request.method == "POST" else None
    if way is not None:
        try:
            renewed = WAYS[way](current_user.actor, current_user.token, request.form[way], login.source())
        except RuleViolation as refusal:
            errors = {way: [refusal.message]}
        else:
            login.renew(renewed)
            return None
    elif request.method == "POST" and "step_up_code" in request.form:
        errors = {"step_up_code": ["Tapez le code affiché par votre application."]}
    return _page(errors), 403


def _page(errors: dict[str, list[str]]) -> str:
    posted = request.method == "POST"
    here = request.full_path.rstrip("?")
    return render_template(
        "factors/step_up.html",
        form=forms.Form(errors=errors),
        kinds=service.kinds_held(current_user.actor.user_id),
        action=here if posted else url_for("factors.confirm"),
        fields=_fields() if posted else [("suite", here)],
        has_files=any(file.filename for file in request.files.values()),
    )


def _fields() -> list[tuple[str, str]]:
    """Return what was being sent, field by field, in its order; a name may come several times."""
    carried = forms.Form(request.form)
    names = [name for name in request.form if name not in _NOT_CARRIED and name not in WAYS]
    return [(name, value) for name in names for value in carried.all_values(name)]
