"""The things to do that follow from séances, conditions of opinions included."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from marshmallow import Schema

from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import ActionKind
from pdp.meetings.schemas.actions import CloseActionInput, UnmetInput
from pdp.meetings.service import worklists
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_CLOSED = {
    ActionKind.TASK: "L’action est close.",
    ActionKind.CONDITION: "La réserve est levée.",
    ActionKind.MISSING: "L’élément attendu est noté comme arrivé.",
}


@bp.get("/actions")
@requires(Permission.MEETING_LIST)
def actions() -> str:
    """List the things to do of one's organisation, or of all for the coordinator."""
    return render_template("meetings/actions.html", page=worklists.list_actions(current_actor()))


@bp.get("/actions/<action_id>")
@requires(Permission.MEETING_LIST)
def show_action(action_id: str) -> str:
    """Show a thing to do, and the forms that settle it."""
    return _page(action_id, forms.Form())


@bp.post("/actions/<action_id>/clore")
@requires(Permission.MEETING_READ)
def complete_action(action_id: str) -> Any:
    """Say that a thing to do is done, or a condition lifted."""

    def close(values: dict[str, Any]) -> str:
        return _CLOSED[service.complete_action(current_actor(), action_id, **values)]

    return _settle(action_id, CloseActionInput(), close)


@bp.post("/actions/<action_id>/non-remplie")
@requires(Permission.MEETING_READ)
def declare_unmet(action_id: str) -> Any:
    """Say that a condition will not be met."""

    def declare(values: dict[str, Any]) -> str:
        service.declare_unmet(current_actor(), action_id, version=values["version"], note=values["why"])
        return "La réserve est dite non remplie\u00a0: la demande revient à l’ordre du jour."

    return _settle(action_id, UnmetInput(), declare)


def _settle(action_id: str, schema: Schema, act: Callable[[dict[str, Any]], str]) -> Any:
    form = forms.read(schema)
    if not form.is_valid:
        return _page(action_id, form), 422
    try:
        flash(act(form.values), "success")
    except (Conflict, RuleViolation) as error:
        if form.value("note") or form.value("why"):
            # What was typed stays under one's eyes, beside the thing to do as it stands now.
            form.errors = {"_form": [error.message]}
            return _page(action_id, form), 409 if isinstance(error, Conflict) else 422
        flash(error.message, "warning")
    return redirect(url_for("meetings.actions"))


def _page(action_id: str, form: forms.Form) -> str:
    page = service.read_action(current_actor(), action_id)
    return render_template("meetings/action.html", page=page, form=form)
