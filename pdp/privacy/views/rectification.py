"""Pages of what the insured contests, and of what recipients of files are told."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.core.french import capital
from pdp.policy.labels import LABEL_NAMES
from pdp.policy.permissions import Permission
from pdp.privacy.enums.notices import RectificationOutcome
from pdp.privacy.schemas.notices import DecisionInput, RectificationInput
from pdp.privacy.service import recipients
from pdp.privacy.service import rectification as service
from pdp.privacy.views import bp
from pdp.web import forms
from pdp.web.filters import plural
from pdp.web.guards import current_actor, requires

LABELS = {
    "label": "Rubrique",
    "field": "Information contestée",
    "statement": "Ce que dit la personne",
    "asked_on": "Dit ou reçu le",
}
DECISION_LABELS = {"outcome": "Décision", "reason": "Motif"}


@bp.get("/dossiers/<case_id>/droits/contestation")
@requires(Permission.RECTIFICATION_RECORD)
def record_rectification(case_id: str) -> str:
    """Show the form that writes down what the person contests."""
    return _page(case_id, forms.Form())


@bp.post("/dossiers/<case_id>/droits/contestation")
@requires(Permission.RECTIFICATION_RECORD)
def record_rectification_post(case_id: str) -> Any:
    """Attach it to the case."""
    actor = current_actor()

    def record(values: dict[str, Any]) -> bool:
        service.record_rectification(actor, case_id, **values)
        return True

    form, done = forms.submit(RectificationInput(), record)
    if not done:
        return _page(case_id, form), 422
    flash("C’est noté : qui lit cette rubrique voit qu’elle est contestée par la personne.", "success")
    return redirect(url_for("privacy.case_rights", case_id=case_id), 303)


@bp.get("/dossiers/<case_id>/droits/contestation/<rectification_id>")
@requires(Permission.RECTIFICATION_RECORD)
def decide_rectification(case_id: str, rectification_id: str) -> str:
    """Show what the person contests, and decide."""
    return _decision(case_id, rectification_id, forms.Form())


@bp.post("/dossiers/<case_id>/droits/contestation/<rectification_id>")
@requires(Permission.RECTIFICATION_RECORD)
def decide_rectification_post(case_id: str, rectification_id: str) -> Any:
    """Record the decision."""
    actor, told = current_actor(), 0

    def decide(values: dict[str, Any]) -> bool:
        nonlocal told
        told = service.decide_rectification(actor, case_id, rectification_id, **values)
        return True

    form, done = forms.submit(DecisionInput(), decide)
    if not done:
        return _decision(case_id, rectification_id, form), 422
    flash(f"La décision est enregistrée.{_told(told)}", "success")
    return redirect(url_for("privacy.case_rights", case_id=case_id), 303)


@bp.get("/fichiers-a-revoir")
@requires(Permission.RECALL_ANSWER)
def list_news() -> str:
    """Tell a partner which of the files that it took out changed, or may not be used."""
    return render_template(
        "privacy/files_to_review.html", news=recipients.list_news(current_actor()), label_names=LABEL_NAMES
    )


def _told(count: int) -> str:
    if not count:
        return ""
    one = "organisme qui avait téléchargé l’ancienne version est prévenu."
    several = "organismes qui avaient téléchargé l’ancienne version sont prévenus."
    return f" {capital(plural(count, one, several))}"


def _page(case_id: str, form: forms.Form) -> str:
    actor = current_actor()
    case = service.prepare_rectification(actor, case_id)
    options = [(label.value, capital(LABEL_NAMES[label])) for label in service.contestable(actor, case)]
    return render_template("privacy/rectification.html", case=case, options=options, form=form, labels=LABELS)


def _decision(case_id: str, rectification_id: str, form: forms.Form) -> str:
    found = service.prepare_decision(current_actor(), case_id, rectification_id)
    return render_template(
        "privacy/decide.html",
        case=found.case,
        contested=found.rectification,
        outcomes=[(word.value, word.label) for word in RectificationOutcome],
        label_names=LABEL_NAMES,
        form=form,
        labels=DECISION_LABELS,
    )
