"""Sharing agreements of a case: seen, recorded, withdrawn."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.cases import service
from pdp.cases.rules.sharing import SharingView
from pdp.cases.rules.view import CaseView
from pdp.cases.views import bp
from pdp.consent.enums import AgreementForm, AgreementPeriod, PurposeCode, WithdrawalMeans
from pdp.consent.notices import notice_on, notices
from pdp.consent.rules import grantable
from pdp.consent.schemas import AgreementInput, WithdrawalInput
from pdp.core import clock
from pdp.core.enums import Labelled
from pdp.core.errors import Conflict, NotFound
from pdp.core.french import capital
from pdp.policy.labels import LABEL_NAMES
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

LABELS = {
    "organisation": "Organisme",
    "labels": "Informations partagées",
    "purpose_code": "But du partage",
    "purpose": "But, dans les mots de la personne",
    "period": "Le partage dure",
    "starts_on": "À partir du",
    "ends_on": "Jusqu’au",
    "notice": "Notice remise",
    "informed_on": "Personne informée le",
    "form": "Forme de l’accord",
    "witness": "Témoin",
    "agreed_on": "Accord donné le",
    "place": "Lieu",
    "collected_by": "Recueilli par",
}
WITHDRAWAL_LABELS = {"withdrawn_on": "Retrait dit ou reçu le", "means": "Comment", "reason": "Motif"}
_LATER = "L’accord est enregistré. L’organisme y aura accès dès sa date de début."
_NOW = "L’accord est enregistré : l’organisme y a accès dès maintenant."


@bp.get("/dossiers/<case_id>/partage")
@requires(Permission.CASE_READ)
def show_sharing(case_id: str) -> str:
    """Show what is shared with whom, what left, and what was asked back."""
    case, register = service.read_sharing(current_actor(), case_id)
    return render_template("cases/sharing.html", case=case, register=register, tab="sharing", label_names=LABEL_NAMES)


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

    try:
        form, done = forms.submit(AgreementInput(), record)
    except Conflict as error:
        # Another agreement came meanwhile: the page shows it, and keeps what was typed.
        form = forms.read(AgreementInput())
        form.errors = {"_form": [error.message]}
        return _page(case_id, str(form.value("organisation")), form), 409
    if not done:
        return _page(case_id, str(form.value("organisation")), form), 422
    flash(_LATER if form.values["starts_on"] > clock.today() else _NOW, "success")
    return redirect(url_for("cases.show_sharing", case_id=case_id), 303)


@bp.get("/dossiers/<case_id>/partage/<agreement_id>/retrait")
@requires(Permission.SHARING_RECORD)
def withdraw_agreement(case_id: str, agreement_id: str) -> str:
    """Say what the withdrawal will do."""
    return _withdrawal(case_id, agreement_id, forms.Form())


@bp.post("/dossiers/<case_id>/partage/<agreement_id>/retrait")
@requires(Permission.SHARING_RECORD)
def withdraw_agreement_post(case_id: str, agreement_id: str) -> Any:
    """Withdraw the agreement."""
    actor = current_actor()

    def withdraw(values: dict[str, Any]) -> bool:
        service.withdraw_agreement(actor, case_id, agreement_id, **values)
        return True

    form, done = forms.submit(WithdrawalInput(), withdraw)
    if not done:
        return _withdrawal(case_id, agreement_id, form), 422
    flash("L’accord est retiré : l’organisme ne voit plus rien par cet accord, dès sa prochaine page.", "success")
    return redirect(url_for("cases.show_sharing", case_id=case_id), 303)


def _withdrawal(case_id: str, agreement_id: str, form: forms.Form) -> str:
    case, register = service.read_sharing(current_actor(), case_id)
    agreement = next((line for line in case.sharing if line.public_id == agreement_id), None)
    if agreement is None:
        raise NotFound
    return render_template(
        "cases/withdraw.html",
        case=case,
        agreement=agreement,
        left=sum(line.organisation == agreement.organisation for line in register.departures),
        means=_options(WithdrawalMeans),
        form=form,
        labels=WITHDRAWAL_LABELS,
    )


def _page(case_id: str, organisation_id: str, form: forms.Form) -> str:
    actor = current_actor()
    case, partners = service.prepare_agreement(actor, case_id)
    chosen = next((found for found in partners if found.public_id == organisation_id), None)
    return render_template(
        "cases/agreement.html",
        case=case,
        partners=partners,
        chosen=chosen,
        former=_former(case, organisation_id),
        options=[(label.value, capital(LABEL_NAMES[label])) for label in grantable(chosen.kind)] if chosen else [],
        agreement_forms=_options(AgreementForm),
        purposes=_options(PurposeCode),
        periods=_options(AgreementPeriod),
        notices=[(notice.code, capital(notice.label)) for notice in notices()],
        notice_in_use=notice_on(clock.today()).code,
        collector=actor.name,
        form=form,
        labels=LABELS,
    )


def _former(case: CaseView, organisation_id: str) -> SharingView | None:
    """Return the agreement that a new one would replace: the last of the organisation still standing."""
    mine = [line for line in case.sharing if line.organisation_id == organisation_id and line.is_standing]
    return mine[-1] if mine else None


def _options(words: type[Labelled]) -> list[tuple[str, str]]:
    return [(word.value, capital(word.label)) for word in words]
