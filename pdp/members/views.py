"""Who has an access to the cellule, and the review of accesses."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import RuleViolation
from pdp.core.french import capital
from pdp.members import service
from pdp.members.enums import LineDecision
from pdp.members.schemas import REASONS, ClosingInput
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.filters import plural
from pdp.web.forms import Form
from pdp.web.guards import current_actor, proven, requires

bp = Blueprint("members", __name__)

# The two acts that close: their page, what is said once done.
_CLOSING = {
    "members.take_away": (service.take_away, "L’accès est retiré : il n’ouvre plus rien dès maintenant."),
    "members.close": (service.close, "Le compte est fermé : il n’ouvre plus rien dès maintenant."),
}


@bp.get("/personnes")
@requires(Permission.MEMBER_READ)
def list_accesses() -> str:
    """Show who has an access to the cellule."""
    return render_template("members/list.html", page=service.read_accesses(current_actor()))


@bp.get("/personnes/<membership_id>/retrait")
@requires(Permission.MEMBER_END)
@proven
def confirm_taking_away(membership_id: str) -> str:
    """Say what taking an access away does, before it is done."""
    return _closing_page("members.take_away", membership_id, Form())


@bp.post("/personnes/<membership_id>/retrait")
@requires(Permission.MEMBER_END)
@proven
def take_away(membership_id: str) -> Any:
    """Take an access away."""
    return _close("members.take_away", membership_id)


@bp.get("/personnes/<membership_id>/fermeture")
@requires(Permission.ACCOUNT_CLOSE)
@proven
def confirm_closing(membership_id: str) -> str:
    """Say what closing an account does, before it is done."""
    return _closing_page("members.close", membership_id, Form())


@bp.post("/personnes/<membership_id>/fermeture")
@requires(Permission.ACCOUNT_CLOSE)
@proven
def close(membership_id: str) -> Any:
    """Close an account."""
    return _close("members.close", membership_id)


@bp.post("/personnes/<membership_id>/retour")
@requires(Permission.MEMBER_END)
@proven
def give_back(membership_id: str) -> Response:
    """Give back an access that ended lately."""
    return _undo(lambda: service.give_back(current_actor(), membership_id), "L’accès est rendu, sans ses fonctions.")


@bp.post("/personnes/<membership_id>/reouverture")
@requires(Permission.ACCOUNT_CLOSE)
@proven
def reopen(membership_id: str) -> Response:
    """Open a closed account again."""
    return _undo(lambda: service.reopen(current_actor(), membership_id), "Le compte est rouvert.")


@bp.get("/revue-des-acces")
@requires(Permission.ACCESS_REVIEW)
def review() -> str:
    """Show the accesses that the person is asked to confirm."""
    return _review_page("")


@bp.post("/revue-des-acces")
@requires(Permission.ACCESS_REVIEW)
@proven
def decide() -> Response | tuple[str, int]:
    """Confirm accesses or end them; those left without an answer wait."""
    words = set(LineDecision)
    decisions = {key: LineDecision(value) for key, value in request.form.items() if value in words}
    if not decisions:
        return _review_page("Rien n’a été coché : confirmez ou retirez au moins un accès."), 422
    try:
        kept, ended = service.decide(current_actor(), decisions)
    except RuleViolation as error:
        return _review_page(error.message), 422
    flash(
        f"C’est noté : {plural(kept, 'accès confirmé', 'accès confirmés')}, {plural(ended, 'retiré', 'retirés')}.",
        "success",
    )
    return redirect(url_for("members.review"), 303)


def _close(endpoint: str, membership_id: str) -> Any:
    act, said = _CLOSING[endpoint]

    def run(values: dict[str, Any]) -> bool:
        act(current_actor(), membership_id, **values)
        return True

    form, done = forms.submit(ClosingInput(), run)
    if not done:
        return _closing_page(endpoint, membership_id, form), 422
    flash(said, "success")
    return redirect(url_for("members.list_accesses"), 303)


def _undo(act: Callable[[], None], said: str) -> Response:
    try:
        act()
    except RuleViolation as error:
        flash(error.message, "error")
    else:
        flash(said, "success")
    return redirect(url_for("members.list_accesses"), 303)


def _closing_page(endpoint: str, membership_id: str, form: Form) -> str:
    access = service.read_access(current_actor(), membership_id)
    return render_template(
        "members/close.html",
        access=access,
        form=form,
        reasons=[(each.value, capital(each.label)) for each in REASONS],
        action=endpoint,
        whole=endpoint == "members.close",
    )


def _review_page(refusal: str) -> str:
    lines = service.read_review(current_actor())
    return render_template("members/review.html", lines=lines, refusal=refusal, decisions=list(LineDecision))
