"""What a partner is asked to destroy: pages without a name or a word of any case."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from pdp.consent import service
from pdp.consent.schemas import RecallAnswerInput
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

bp = Blueprint("consent", __name__)

LABELS = {"reason": "Pourquoi ces fichiers sont conservés", "answer": "Réponse"}


@bp.get("/rappels")
@requires(Permission.RECALL_ANSWER)
def list_recalls() -> str:
    """List what the organisation is asked to destroy."""
    return render_template("consent/recalls.html", recalls=service.list_recalls(current_actor()))


@bp.get("/rappels/<recall_id>")
@requires(Permission.RECALL_ANSWER)
def show_recall(recall_id: str) -> str:
    """Show the files to destroy."""
    return _page(recall_id, forms.Form())


@bp.post("/rappels/<recall_id>")
@requires(Permission.RECALL_ANSWER)
def answer_recall(recall_id: str) -> Any:
    """Record what became of the files."""
    actor = current_actor()

    def answer(values: dict[str, Any]) -> bool:
        destroyed = values.pop("answer") == "destroyed"
        service.answer_recall(actor, recall_id, destroyed=destroyed, **values)
        return True

    form, done = forms.submit(RecallAnswerInput(), answer)
    if not done:
        return _page(recall_id, form), 422
    flash("Votre réponse est enregistrée. Merci.", "success")
    return redirect(url_for("consent.list_recalls"), 303)


def _page(recall_id: str, form: forms.Form) -> str:
    recall = service.read_recall(current_actor(), recall_id)
    return render_template("consent/recall.html", recall=recall, form=form, labels=LABELS)
