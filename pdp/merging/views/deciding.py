"""Proposals to confirm, history, and the undoing of a merge."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.core.errors import RuleViolation
from pdp.core.french import listing
from pdp.merging import service
from pdp.merging.schemas import RefusalInput, UndoInput
from pdp.merging.views import bp
from pdp.merging.views.tabs import tabs_of_merging
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires


@bp.get("/fusions")
@requires(Permission.PERSON_COMPARE)
def list_proposals() -> str:
    """Show the proposals that wait, or what was decided."""
    waiting, after = request.args.get("etat") != "historique", request.args.get("apres")
    page = service.list_proposals(current_actor(), waiting=waiting, after=after)
    shown = None if waiting else "historique"
    following = url_for("merging.list_proposals", apres=page.next, etat=shown) if page.next else None
    return render_template(
        "merging/proposals.html",
        page=page,
        waiting=waiting,
        following=following,
        first=url_for("merging.list_proposals", etat=shown) if after else None,
        tabs_of_merging=tabs_of_merging("waiting" if waiting else "decided"),
    )


@bp.get("/fusions/<merge_id>")
@requires(Permission.PERSON_COMPARE)
def show_proposal(merge_id: str) -> str:
    """Show a proposal with its traits as they stood."""
    return _page(merge_id, forms.Form())


@bp.post("/fusions/<merge_id>/confirmation")
@requires(Permission.PERSON_MERGE)
@proven
def confirm(merge_id: str) -> Any:
    """Merge."""
    try:
        service.confirm_merge(current_actor(), merge_id)
    except RuleViolation as error:
        return _page(merge_id, forms.Form({}, {"_form": [error.message]})), 422
    flash("Les deux fiches n’en font plus qu’une. La fusion peut être annulée pendant 30 jours.", "success")
    return redirect(url_for("merging.show_proposal", merge_id=merge_id), 303)


@bp.post("/fusions/<merge_id>/refus")
@requires(Permission.PERSON_MERGE)
def refuse(merge_id: str) -> Any:
    """Leave the two records as they are."""
    actor = current_actor()

    def act(values: dict[str, Any]) -> bool:
        service.refuse_merge(actor, merge_id, **values)
        return True

    form, done = forms.submit(RefusalInput(), act)
    if not done:
        return _page(merge_id, form), 422
    flash("La proposition est refusée\u00a0: les deux fiches restent séparées.", "success")
    return redirect(url_for("merging.list_proposals"), 303)


@bp.get("/fusions/<merge_id>/annulation")
@requires(Permission.PERSON_MERGE)
def ask_undo(merge_id: str) -> Any:
    """Ask what becomes of what came since the merge."""
    return _undo_page(merge_id, forms.Form())


@bp.post("/fusions/<merge_id>/annulation")
@requires(Permission.PERSON_MERGE)
@proven
def undo(merge_id: str) -> Any:
    """Undo the merge."""
    actor = current_actor()
    form, undone = forms.submit(UndoInput(), lambda values: service.undo_merge(actor, merge_id, **values))
    if undone is None:
        return _undo_page(merge_id, form, 422)
    said = "La fusion est annulée\u00a0: chaque fiche a retrouvé ses valeurs et ses dossiers."
    if undone.edited:
        fields = listing([name[0].lower() + name[1:] for name in undone.edited])
        said += f" Modifié depuis la fusion, donc laissé tel quel sur la fiche conservée\u00a0: {fields}."
    flash(said, "success")
    return redirect(url_for("merging.show_proposal", merge_id=merge_id), 303)


def _page(merge_id: str, form: forms.Form) -> str:
    page = service.read_proposal(current_actor(), merge_id)
    return render_template("merging/proposal.html", page=page, view=page.view, form=form)


def _undo_page(merge_id: str, form: forms.Form, status: int = 200) -> Any:
    try:
        found = service.prepare_undo(current_actor(), merge_id)
    except RuleViolation as error:
        flash(error.message, "info")
        return redirect(url_for("merging.show_proposal", merge_id=merge_id), 303)
    return render_template("merging/undo.html", found=found, form=form), status
