"""The order of an agenda put in place by one act, undone by one, and what goes to another séance."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings.rules.ordering import OrderRule
from pdp.meetings.schemas.ordering import ElsewhereInput, OrderInput, RestoreInput
from pdp.meetings.schemas.points import MinutesInput
from pdp.meetings.service import ordering
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_MOVED = "L’ordre du jour a changé entre-temps : voici où il en est. Recommencez si besoin."


@bp.get("/seances/<meeting_id>/ordre")
@requires(Permission.MEETING_RUN)
def propose_order(meeting_id: str) -> str:
    """Show the agenda as a rule would put it."""
    wanted = request.args.get("regle", OrderRule.URGENT)
    if wanted not in set(OrderRule):
        abort(404)
    return render_template(
        "meetings/order.html", order=ordering.propose_order(current_actor(), meeting_id, OrderRule(wanted))
    )


@bp.post("/seances/<meeting_id>/ordre")
@requires(Permission.MEETING_RUN)
def apply_order(meeting_id: str) -> Response:
    """Put the agenda in the order of a rule; the page then offers to undo it."""
    form = forms.read(OrderInput())
    try:
        if not form.is_valid:
            raise Conflict(_MOVED)
        before = ordering.apply_order(current_actor(), meeting_id, **form.values)
    except (Conflict, RuleViolation) as error:
        flash(error.message, "warning")
        return _back(meeting_id)
    flash("L’ordre du jour est remis en ordre : aucune demande n’a été retirée.", "success")
    ranks = ".".join(str(rank) for rank in before)
    version = form.values["version"] + 1
    return redirect(
        url_for("meetings.show", meeting_id=meeting_id, avant=ranks, version=version, _anchor="ordre-du-jour")
    )


@bp.post("/seances/<meeting_id>/ordre/retablir")
@requires(Permission.MEETING_RUN)
def restore_order(meeting_id: str) -> Response:
    """Put the agenda back in the order that it had."""
    form = forms.read(RestoreInput())
    try:
        if not form.is_valid:
            raise Conflict(_MOVED)
        ordering.restore_order(current_actor(), meeting_id, **form.values)
        flash("L’ordre précédent est rétabli.", "success")
    except (Conflict, RuleViolation) as error:
        flash(error.message, "warning")
    return _back(meeting_id)


@bp.post("/seances/<meeting_id>/points/<item_id>/duree")
@requires(Permission.MEETING_RUN)
def set_minutes(meeting_id: str, item_id: str) -> Response:
    """Change how long an item should take."""
    form = forms.read(MinutesInput())
    try:
        if not form.is_valid:
            raise RuleViolation(next(iter(form.errors.values()))[0])
        ordering.set_minutes(current_actor(), item_id, **form.values)
    except Conflict:
        flash(_MOVED, "warning")
    except RuleViolation as error:
        flash(error.message, "warning")
    return _back(meeting_id, f"point-{item_id}")


@bp.get("/seances/<meeting_id>/points/<item_id>/renvoyer")
@requires(Permission.MEETING_RUN)
def send_elsewhere(meeting_id: str, item_id: str) -> str:
    """Show the séances to which an item may be sent."""
    return _elsewhere_page(meeting_id, item_id, forms.Form())


@bp.post("/seances/<meeting_id>/points/<item_id>/renvoyer")
@requires(Permission.MEETING_RUN)
def send_elsewhere_post(meeting_id: str, item_id: str) -> Any:
    """Send an item to another séance."""
    actor = current_actor()
    try:
        form, moved = forms.submit(ElsewhereInput(), lambda values: ordering.send_elsewhere(actor, item_id, **values))
    except Conflict as error:
        flash(error.message, "warning")
        return _back(meeting_id)
    if moved is None:
        return _elsewhere_page(meeting_id, item_id, form), 422
    flash("La demande est renvoyée à l’autre séance, en fin d’ordre du jour.", "success")
    return _back(meeting_id)


def _elsewhere_page(meeting_id: str, item_id: str, form: forms.Form) -> str:
    page = ordering.list_elsewhere(current_actor(), meeting_id, item_id)
    return render_template("meetings/elsewhere.html", page=page, form=form, labels={"meeting": "Séance"})


def _back(meeting_id: str, anchor: str = "ordre-du-jour") -> Response:
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor=anchor))
