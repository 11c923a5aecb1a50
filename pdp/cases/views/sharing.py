"""Sharing agreements of a case: seen, recorded, withdrawn."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.cases import service
from pdp.cases.views import bp
from pdp.consent.enums import AgreementForm
from pdp.consent.rules import grantable
from pdp.consent.schemas import AgreementInput, WithdrawalInput
from pdp.core.errors import InvalidInput, NotFound
from pdp.core.french import capital
from pdp.policy.labels import LABEL_NAMES
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

LABELS = {
    "organisation": "Organisme",
    "labels": "Informations partagées",
    "purpose": "But du partage",
    "form": "Forme de l’accord",
    "witness": "Témoin",
    "starts_on": "À partir du",
    "ends_on": "Jusqu’au",
}


@bp.get("/dossiers/<case_id>/partage")
@requires(Permission.CASE_READ)
def show_sharing(case_id: str) -> str:
    """Show what is shared with whom."""
    case = service.read_case(current_actor(), case_id, part="sharing")
    return render_template("cases/sharing.html", case=case, tab="sharing", label_names=LABEL_NAMES)


@bp.get("/dossiers/<case_id>/partage/nouveau")
@requires(Permission.SHARING_RECORD)
def record_agreement(case_id: str) -> str:
    """Choose an organisation, then what it may receive."""
    return _page(case_id, request.args.get("organisme", ""), forms.Form())


@bp.post("/dossiers/<case_id>/partage/nouveau")
@requires(Permission.SHARING_RECORD)
def record_agreement_post(case_id: str) -> Any:
    """Record the agreement."""
    actor = current_actor()

    def record(values: dict[str, Any]) -> bool:
        service.record_agreement(actor, case_id, **values)
        return True

    form, done = forms.submit(AgreementInput(), record)
    if not done:
        return _page(case_id, str(form.value("organisation")), form), 422
    flash("L’accord est enregistré. L’organisme y a accès dès sa date de début.", "success")
    return redirect(url_for("cases.show_sharing", case_id=case_id), 303)


@bp.get("/dossiers/<case_id>/partage/<agreement_id>/retrait")
@requires(Permission.SHARING_RECORD)
def withdraw_agreement(case_id: str, agreement_id: str) -> str:
    """Say what the withdrawal will do."""
    case = service.read_case(current_actor(), case_id, part="sharing")
    agreement = next((line for line in case.sharing if line.public_id == agreement_id), None)
    if agreement is None:
        raise NotFound
    return render_template("cases/withdraw.html", case=case, agreement=agreement, label_names=LABEL_NAMES)


@bp.post("/dossiers/<case_id>/partage/<agreement_id>/retrait")
@requires(Permission.SHARING_RECORD)
def withdraw_agreement_post(case_id: str, agreement_id: str) -> Any:
    """Withdraw the agreement."""
    form = forms.read(WithdrawalInput())
    if not form.is_valid:
        raise InvalidInput(form.errors, "La demande est incomplète. Revenez à la page du partage, puis recommencez.")
    service.withdraw_agreement(current_actor(), case_id, agreement_id, **form.values)
    flash("L’accord est retiré : l’organisme ne voit plus rien de ce dossier.", "success")
    return redirect(url_for("cases.show_sharing", case_id=case_id), 303)


def _page(case_id: str, organisation_id: str, form: forms.Form) -> str:
    case, partners = service.prepare_agreement(current_actor(), case_id)
    chosen = next((found for found in partners if found.public_id == organisation_id), None)
    options = [(label.value, capital(LABEL_NAMES[label])) for label in grantable(chosen.kind)] if chosen else []
    return render_template(
        "cases/agreement.html",
        case=case,
        partners=partners,
        chosen=chosen,
        options=options,
        agreement_forms=[(found.value, capital(found.label)) for found in AgreementForm],
        form=form,
        labels=LABELS,
    )
