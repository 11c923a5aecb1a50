"""The stages of a case and its referent: two-step pages."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.cases import service
from pdp.cases.enums import CaseMove
from pdp.cases.rules.view import CaseView
from pdp.cases.schemas import MoveInput, ReferentInput
from pdp.cases.views import bp, fields
from pdp.cases.views.frame import MOVE_SLUGS
from pdp.core.errors import NotFound
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_MOVES = {slug: move for move, slug in MOVE_SLUGS.items()}
_DONE = {
    CaseMove.TAKE_CHARGE: "Vous êtes référent de ce dossier.",
    CaseMove.REORIENT: "Le dossier est réorienté. Les partages ont pris fin.",
    CaseMove.CLOSE: "Le dossier est clos. Les partages ont pris fin.",
    CaseMove.REOPEN: "Le dossier est rouvert.",
}


@bp.get("/dossiers/<case_id>/etape/<move>")
@requires(Permission.CASE_STEER)
def confirm_move(case_id: str, move: str) -> str:
    """Say what a move will do, and ask for it."""
    case = service.read_case(current_actor(), case_id, part="summary")
    if _move(move) not in case.moves:
        raise NotFound
    return _move_page(case, _move(move), forms.Form({"version": case.version, "axis": case.axis or ""}))


@bp.post("/dossiers/<case_id>/etape/<move>")
@requires(Permission.CASE_STEER)
def confirm_move_post(case_id: str, move: str) -> Any:
    """Make the move."""
    actor, wanted = current_actor(), _move(move)
    form, stage = forms.submit(MoveInput(), lambda values: service.move_case(actor, case_id, wanted, **values))
    if stage is None:
        return _move_page(service.read_case(actor, case_id, part="summary"), wanted, form), 422
    flash(_DONE[wanted], "success")
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


@bp.get("/dossiers/<case_id>/referent")
@requires(Permission.CASE_ASSIGN)
def choose_referent(case_id: str) -> str:
    """Show who may be the referent."""
    case = service.read_case(current_actor(), case_id, part="summary")
    return _referent_page(case, forms.Form({"version": case.version}))


@bp.post("/dossiers/<case_id>/referent")
@requires(Permission.CASE_ASSIGN)
def choose_referent_post(case_id: str) -> Any:
    """Change the referent."""
    actor = current_actor()

    def assign(values: dict[str, Any]) -> bool:
        service.assign_referent(actor, case_id, **values)
        return True

    form, done = forms.submit(ReferentInput(), assign)
    if not done:
        return _referent_page(service.read_case(actor, case_id, part="summary"), form), 422
    flash("Le référent du dossier a changé.", "success")
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


def _move(slug: str) -> CaseMove:
    if slug not in _MOVES:
        raise NotFound
    return _MOVES[slug]


def _move_page(case: CaseView, move: CaseMove, form: forms.Form) -> str:
    axis = next(field for field in fields.of(MoveInput()) if field.name == "axis")
    return render_template("cases/move.html", case=case, move=move, form=form, axis=axis)


def _referent_page(case: CaseView, form: forms.Form) -> str:
    people = service.list_referents(current_actor())
    return render_template("cases/referent.html", case=case, people=people, form=form)
