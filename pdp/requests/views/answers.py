"""Settle a rule by name: answer a point to check, or set an ineligibility aside."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import NotFound
from pdp.dispositifs.enums import StatusGroup
from pdp.policy.permissions import Permission
from pdp.requests import service
from pdp.requests.schemas import AnswerInput, OverrideInput
from pdp.requests.views import bp
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires


@bp.get("/demandes/<request_id>/regles/<group>/<rule_id>")
@requires(Permission.VERDICT_OVERRIDE)
def settle(request_id: str, group: str, rule_id: str) -> str:
    """Show the rule with what it rests on, and the form that settles it."""
    return _page(request_id, _group(group), rule_id, Form())


@bp.post("/demandes/<request_id>/regles/<group>/<rule_id>")
@requires(Permission.VERDICT_OVERRIDE)
def settle_post(request_id: str, group: str, rule_id: str) -> Response | tuple[str, int]:
    """Record the answer, or the override, of the signed-in member."""
    found = _group(group)
    overriding = "accepted" not in request.form and request.form.get("act") == "override"
    schema = OverrideInput() if overriding else AnswerInput()
    form, done = forms.submit(schema, lambda values: _settle(request_id, found, rule_id, values))
    if not done:
        return _page(request_id, found, rule_id, form), 422
    flash("C’est enregistré à votre nom et à celui de votre siège.", "success")
    return redirect(url_for("requests.show", request_id=request_id), 303)


def _settle(request_id: str, group: StatusGroup, rule_id: str, values: dict[str, Any]) -> bool:
    act = service.answer_rule if "accepted" in values else service.override
    act(current_actor(), request_id, group=group, rule_id=rule_id, **values)
    return True


def _page(request_id: str, group: StatusGroup, rule_id: str, form: Form) -> str:
    panel, line = service.read_finding(current_actor(), request_id, group, rule_id)
    return render_template("requests/settle.html", panel=panel, line=line, group=group, form=form)


def _group(word: str) -> StatusGroup:
    if word not in set(StatusGroup):
        raise NotFound
    return StatusGroup(word)
