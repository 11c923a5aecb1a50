"""What an agreement may open, where it stands on a day, and what makes it one that can be proved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pdp.accounts.enums import OrganisationKind
from pdp.consent.enums import AgreementEnd, AgreementForm, AgreementPeriod, AgreementStatus, PurposeCode
from pdp.core.errors import InvalidInput
from pdp.policy.labels import LABEL_NAMES, Label
from pdp.policy.reading import Cell, cell
from pdp.policy.roles import Role
from pdp.policy.visibility import AgreementFacts

PARTNER_ROLE: dict[OrganisationKind, Role] = {
    OrganisationKind.SPST: Role.SPST,
    OrganisationKind.CAP_EMPLOI: Role.CAP_EMPLOI,
    OrganisationKind.COMETE: Role.COMETE,
    OrganisationKind.MDPH: Role.MDPH,
    OrganisationKind.OETH: Role.OETH,
}
# How long an organisation has to destroy what it took out, in days.
RECALL_DAYS = 15
_STOPPED = {
    AgreementEnd.REPLACED: AgreementStatus.REPLACED,
    AgreementEnd.CASE_ENDED: AgreementStatus.CASE_ENDED,
}

Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the insured agreed to, how it was given, and for how long.

    Without `ends_on` the agreement holds until the end of the case; `period` is what the form says of it.
    """

    labels: Collection[Label]
    form: AgreementForm
    starts_on: date
    purpose: str = ""
    purpose_code: PurposeCode = PurposeCode.OTHER
    notice: str = ""
    informed_on: date | None = None
    agreed_on: date | None = None
    place: str = ""
    witness: str = ""
    collected_by: str = ""
    period: AgreementPeriod | None = None
    ends_on: date | None = None


def status_on(agreement: AgreementFacts, day: date, end_kind: AgreementEnd | None = None) -> AgreementStatus:
    """Return where the agreement stands: a withdrawal acts on its own day, an end the day after.

    `end_kind` tells what stopped it before its term; a withdrawal when it is None.
    """
    if agreement.withdrawn_on is not None and agreement.withdrawn_on <= day:
        return _STOPPED.get(end_kind or AgreementEnd.WITHDRAWN, AgreementStatus.WITHDRAWN)
    if agreement.ends_on is not None and agreement.ends_on < day:
        return AgreementStatus.EXPIRED
    return AgreementStatus.FUTURE if agreement.starts_on > day else AgreementStatus.IN_FORCE


def grantable(kind: OrganisationKind) -> tuple[Label, ...]:
    """Return the labels that the insured may open to such an organisation; none to a member of the core."""
    role = PARTNER_ROLE.get(kind)
    if role is None:
        return ()
    return tuple(label for label in Label if cell(role, label) in {Cell.AGREED, Cell.AGREED_WRITE})


def check_terms(kind: OrganisationKind, terms: Terms, today: date, notices: Collection[str]) -> None:
    """Refuse an agreement that could not be proved or could open nothing. Raises `InvalidInput`."""
    errors = {**_of_labels(kind, terms), **_of_proof(terms, today, notices), **_of_period(terms, today)}
    if errors:
        raise InvalidInput(errors)


def check_withdrawal(withdrawn_on: date, starts_on: date, today: date) -> None:
    """Refuse a withdrawal in the future: it acts at once. Raises `InvalidInput`."""
    if withdrawn_on > today:
        raise InvalidInput(
            {"withdrawn_on": ["Un retrait agit tout de suite : écrivez le jour où la personne l’a dit."]}
        )
    if withdrawn_on < starts_on <= today:
        raise InvalidInput({"withdrawn_on": [f"L’accord n’a commencé que le {starts_on:%d/%m/%Y}."]})


def _of_labels(kind: OrganisationKind, terms: Terms) -> Errors:
    allowed = grantable(kind)
    beyond = [LABEL_NAMES[label] for label in terms.labels if label not in allowed]
    if not allowed:
        return {"organisation": ["Cet organisme est membre de la cellule : il n’a pas besoin d’un accord de partage."]}
    if beyond:
        return {"labels": [f"Un organisme de ce type ne peut pas recevoir : {', '.join(beyond)}."]}
    return {} if terms.labels else {"labels": ["Cochez au moins une information à partager."]}


def _of_proof(terms: Terms, today: date, notices: Collection[str]) -> Errors:
    errors: Errors = {}
    if terms.purpose_code is PurposeCode.OTHER and not terms.purpose:
        errors["purpose"] = ["Dites en quelques mots à quoi sert ce partage."]
    if terms.form is AgreementForm.ORAL and not terms.witness:
        errors["witness"] = ["Un accord oral se recueille devant témoin : écrivez son nom et sa fonction."]
    if terms.notice and terms.notice not in notices:
        errors["notice"] = ["Choisissez la notice remise dans la liste."]
    if terms.agreed_on and terms.agreed_on > today:
        errors["agreed_on"] = ["L’accord ne peut pas avoir été donné dans le futur."]
    if terms.informed_on and terms.agreed_on and terms.informed_on > terms.agreed_on:
        errors["informed_on"] = ["La personne est informée avant de donner son accord, ou le même jour."]
    return errors


def _of_period(terms: Terms, today: date) -> Errors:
    if terms.agreed_on and terms.starts_on < terms.agreed_on <= today:
        return {"starts_on": ["Le partage ne peut pas commencer avant l’accord de la personne."]}
    if terms.period is AgreementPeriod.CASE_END and terms.ends_on:
        return {"ends_on": ["Une date est écrite : choisissez « jusqu’à une date », ou effacez-la."]}
    if terms.period is AgreementPeriod.DATE and not terms.ends_on:
        return {"ends_on": ["Écrivez la date de fin, ou choisissez « jusqu’à la fin de l’accompagnement »."]}
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        return {"ends_on": [f"La fin ({terms.ends_on:%d/%m/%Y}) est avant le début ({terms.starts_on:%d/%m/%Y})."]}
    if terms.ends_on is not None and terms.ends_on < today:
        return {"ends_on": [f"Cet accord serait déjà échu depuis le {terms.ends_on:%d/%m/%Y}."]}
    return {}
