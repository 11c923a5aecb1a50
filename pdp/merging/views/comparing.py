"""Possible duplicates, and two records side by side."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.core.errors import Conflict, RuleViolation
from pdp.merging import service
from pdp.merging.enums import Side
from pdp.merging.rules.traits import FIELD_NAMES
from pdp.merging.schemas import DistinctInput, ProposalInput
from pdp.merging.views import bp
from pdp.merging.views.tabs import tabs_of_merging
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_LABELS = FIELD_NAMES | {"reason": "Motif", "_form": "Fusion"}


@bp.get("/doublons")
@requires(Permission.PERSON_MERGE)
def list_duplicates() -> str:
    """Show the pairs of the cellule that deserve a look."""
    after = request.args.get("apres")
    page = service.list_duplicates(current_actor(), after)
    following = url_for("merging.list_duplicates", apres=page.next) if page.next else None
    first = url_for("merging.list_duplicates") if after else None
    return render_template(
        "merging/duplicates.html",
        page=page,
        following=following,
        first=first,
        tabs_of_merging=tabs_of_merging("pairs"),
    )


@bp.get("/dossiers/<case_id>/doublons")
@requires(Permission.PERSON_COMPARE)
def list_candidates(case_id: str) -> str:
    """Show the records that may be the person of a case."""
    page = service.list_candidates(current_actor(), case_id)
    return render_template("merging/candidates.html", page=page, case=page.case)


@bp.get("/dossiers/<case_id>/doublons/<other_id>")
@requires(Permission.PERSON_COMPARE)
def compare(case_id: str, other_id: str) -> Any:
    """Show two records side by side."""
    return _page(case_id, other_id, forms.Form())


@bp.post("/dossiers/<case_id>/doublons/<other_id>")
@requires(Permission.PERSON_COMPARE)
def propose(case_id: str, other_id: str) -> Any:
    """Propose to merge them."""
    actor = current_actor()
    try:
        form, proposal = forms.submit(
            ProposalInput(), lambda values: service.propose_merge(actor, case_id, other_id, **values)
        )
    except Conflict as error:
        return _page(case_id, other_id, forms.Form(request.form, {"_form": [error.message]})), 409
    if proposal is None:
        return _page(case_id, other_id, form), 422
    flash("La fusion est proposée. Une autre personne doit la confirmer.", "success")
    return redirect(url_for("merging.show_proposal", merge_id=proposal), 303)


@bp.post("/dossiers/<case_id>/doublons/<other_id>/distinctes")
@requires(Permission.PERSON_COMPARE)
def set_apart(case_id: str, other_id: str) -> Any:
    """Say that they are two persons."""
    actor = current_actor()

    def act(values: dict[str, Any]) -> bool:
        service.set_apart(actor, case_id, other_id, **values)
        return True

    try:
        form, done = forms.submit(DistinctInput(), act)
    except Conflict as error:
        form, done = forms.Form(request.form, {"_form": [error.message]}), None
    if not done:
        return _page(case_id, other_id, forms.Form(), form), 422
    flash("C’est noté\u00a0: ces deux fiches ne seront plus signalées comme un doublon possible.", "success")
    return redirect(url_for("merging.list_candidates", case_id=case_id), 303)


def _page(case_id: str, other_id: str, form: forms.Form, apart: forms.Form | None = None) -> Any:
    try:
        page = service.read_comparison(current_actor(), case_id, other_id)
    except RuleViolation as error:
        # Somebody merged the two meanwhile: there is nothing to compare any more.
        flash(error.message, "info")
        return redirect(url_for("cases.show_case", case_id=case_id), 303)
    sides = [(side.value, side.label) for side in Side]
    return render_template(
        "merging/compare.html",
        page=page,
        case=page.case,
        form=form,
        apart=apart or forms.Form(),
        sides=sides,
        labels=_LABELS,
    )
