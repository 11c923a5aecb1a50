"""Correct what a closed ballot recorded: one person proposes, another confirms."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.schemas.planning import CorrectionInput, CorrectionRefusalInput
from pdp.meetings.service import correcting, corrections
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires

_OPINIONS = [(code.value, code.label) for code in OpinionCode]
_ANSWERS = [(value.value, value.label) for value in VoteValue]


@bp.get("/rectifications")
@requires(Permission.OPINION_CORRECT)
def list_corrections() -> str:
    """List the corrections, those that wait for a second person first."""
    return render_template("meetings/corrections.html", lines=corrections.list_corrections(current_actor()))


@bp.get("/points/<item_id>/rectification")
@requires(Permission.OPINION_CORRECT)
def correct(item_id: str) -> Any:
    """Ask what was wrong on a point, and what should have been recorded."""
    return _form_page(item_id, forms.Form({}))


@bp.post("/points/<item_id>/rectification")
@requires(Permission.OPINION_CORRECT)
@proven
def propose_correction(item_id: str) -> Any:
    """Leave the proposal to a second person."""
    actor = current_actor()
    try:
        form, made = forms.submit(
            CorrectionInput(), lambda values: correcting.propose_correction(actor, item_id, **values)
        )
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for("meetings.list_corrections"), 303)
    if made is None:
        return _form_page(item_id, form, 422)
    flash("La rectification est proposée. Elle ne vaudra qu’une fois confirmée par une autre personne.", "success")
    return redirect(url_for("meetings.show_correction", correction_id=made), 303)


@bp.get("/rectifications/<correction_id>")
@requires(Permission.OPINION_CORRECT)
def show_correction(correction_id: str) -> str:
    """Show a correction with both versions."""
    return _page(correction_id, forms.Form())


@bp.post("/rectifications/<correction_id>/confirmation")
@requires(Permission.OPINION_CORRECT)
@proven
def confirm_correction(correction_id: str) -> Any:
    """Make the corrected opinion the one that counts."""
    try:
        correcting.confirm_correction(current_actor(), correction_id)
    except RuleViolation as error:
        return _page(correction_id, forms.Form({}, {"_form": [error.message]})), 422
    flash("La rectification est confirmée : c’est l’avis rectifié qui compte désormais.", "success")
    return redirect(url_for("meetings.show_correction", correction_id=correction_id), 303)


@bp.post("/rectifications/<correction_id>/refus")
@requires(Permission.OPINION_CORRECT)
def refuse_correction(correction_id: str) -> Any:
    """Leave what was recorded as it is."""
    actor = current_actor()

    def act(values: dict[str, Any]) -> bool:
        correcting.refuse_correction(actor, correction_id, **values)
        return True

    form, done = forms.submit(CorrectionRefusalInput(), act)
    if not done:
        return _page(correction_id, form), 422
    flash("La rectification est refusée : ce qui était enregistré continue de compter.", "success")
    return redirect(url_for("meetings.show_correction", correction_id=correction_id), 303)


def _form_page(item_id: str, form: forms.Form, status: int = 200) -> Any:
    try:
        page = corrections.read_form(current_actor(), item_id)
    except RuleViolation as error:
        flash(error.message, "warning")
        return redirect(url_for("meetings.list_corrections"), 303)
    return (
        render_template("meetings/correction_new.html", page=page, form=form, opinions=_OPINIONS, answers=_ANSWERS),
        status,
    )


def _page(correction_id: str, form: forms.Form) -> str:
    page = corrections.read_correction(current_actor(), correction_id)
    return render_template("meetings/correction.html", page=page, line=page.line, form=form)
