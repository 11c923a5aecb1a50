"""Pages that restrict the processing of a person, and lift the restriction in two steps."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.policy.permissions import Permission
from pdp.privacy.enums.notices import FreezeGround
from pdp.privacy.schemas.notices import AnnounceInput, FreezeInput, LiftingInput
from pdp.privacy.service import freezing as service
from pdp.privacy.views import bp
from pdp.privacy.views.notices import MEANS
from pdp.web import forms
from pdp.web.guards import current_actor, requires

LABELS = {"ground": "Cas prévu par la loi", "asked_on": "Demandée le", "detail": "Dans les mots de la personne"}
LIFT_LABELS = {
    "informed_on": "Personne informée le",
    "means": "Comment",
    "reason": "Ce qui lui a été dit",
    "version": "Levée",
}


@bp.get("/dossiers/<case_id>/droits/limitation")
@requires(Permission.PROCESSING_FREEZE)
def freeze(case_id: str) -> str:
    """Say what a restriction does, before it is recorded."""
    return _page(case_id, forms.Form())


@bp.post("/dossiers/<case_id>/droits/limitation")
@requires(Permission.PROCESSING_FREEZE)
def freeze_post(case_id: str) -> Any:
    """Restrict the processing."""
    actor = current_actor()

    def restrict(values: dict[str, Any]) -> bool:
        service.freeze(actor, case_id, **values)
        return True

    form, done = forms.submit(FreezeInput(), restrict)
    if not done:
        return _page(case_id, form), 422
    flash("Le traitement est limité : aucun partenaire ne voit plus les dossiers de cette personne.", "success")
    return redirect(url_for("privacy.case_rights", case_id=case_id), 303)


@bp.get("/dossiers/<case_id>/droits/limitation/levee")
@requires(Permission.PROCESSING_FREEZE)
def lift(case_id: str) -> str:
    """Show the restriction under way and its next step."""
    return _lifting(case_id, forms.Form())


@bp.post("/dossiers/<case_id>/droits/limitation/information")
@requires(Permission.PROCESSING_FREEZE)
def announce_lifting_post(case_id: str) -> Any:
    """Record that the person was informed."""
    actor = current_actor()

    def announce(values: dict[str, Any]) -> bool:
        service.announce_lifting(actor, case_id, **values)
        return True

    form, done = forms.submit(AnnounceInput(), announce)
    if not done:
        return _lifting(case_id, form), 422
    flash("L’information de la personne est notée. La limitation peut maintenant être levée.", "success")
    return redirect(url_for("privacy.lift", case_id=case_id), 303)


@bp.post("/dossiers/<case_id>/droits/limitation/levee")
@requires(Permission.PROCESSING_FREEZE)
def lift_post(case_id: str) -> Any:
    """Lift the restriction."""
    actor = current_actor()

    def lift_it(values: dict[str, Any]) -> bool:
        service.lift(actor, case_id, **values)
        return True

    form, done = forms.submit(LiftingInput(), lift_it)
    if not done:
        return _lifting(case_id, form), 422
    flash("La limitation est levée : les accords en vigueur partagent de nouveau.", "success")
    return redirect(url_for("privacy.case_rights", case_id=case_id), 303)


def _page(case_id: str, form: forms.Form) -> str:
    case = service.prepare_freeze(current_actor(), case_id)
    grounds = [(word.value, word.label) for word in FreezeGround]
    return render_template("privacy/freeze.html", case=case, grounds=grounds, form=form, labels=LABELS)


def _lifting(case_id: str, form: forms.Form) -> str:
    found = service.prepare_lifting(current_actor(), case_id)
    return render_template(
        "privacy/lift.html", case=found.case, freeze=found.freeze, means=MEANS, form=form, labels=LIFT_LABELS
    )
