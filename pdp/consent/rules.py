"""What an agreement may open, and where it stands on a day."""

from collections.abc import Collection
from datetime import date

from pdp.accounts.enums import OrganisationKind
from pdp.consent.enums import AgreementForm, AgreementStatus
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


def status_on(agreement: AgreementFacts, day: date) -> AgreementStatus:
    """Return where the agreement stands: a withdrawal acts on its own day, an end the day after."""
    if agreement.withdrawn_on is not None and agreement.withdrawn_on <= day:
        return AgreementStatus.WITHDRAWN
    if agreement.ends_on is not None and agreement.ends_on < day:
        return AgreementStatus.EXPIRED
    return AgreementStatus.FUTURE if agreement.starts_on > day else AgreementStatus.IN_FORCE


def grantable(kind: OrganisationKind) -> tuple[Label, ...]:
    """Return the labels that the insured may open to such an organisation; none to a member of the core."""
    role = PARTNER_ROLE.get(kind)
    if role is None:
        return ()
    return tuple(label for label in Label if cell(role, label) in {Cell.AGREED, Cell.AGREED_WRITE})


def check_agreement(
    kind: OrganisationKind,
    labels: Collection[Label],
    form: AgreementForm,
    witness: str,
    starts_on: date,
    ends_on: date | None,
    today: date,
) -> None:
    """Refuse an agreement that could not be proved or could open nothing. Raises `InvalidInput`."""
    errors: dict[str, list[str]] = {}
    allowed = grantable(kind)
    beyond = [LABEL_NAMES[label] for label in labels if label not in allowed]
    if not allowed:
        errors["organisation"] = ["Cet organisme est membre de la cellule : il n’a pas besoin d’un accord de partage."]
    elif beyond:
        errors["labels"] = [f"Un organisme de ce type ne peut pas recevoir : {', '.join(beyond)}."]
    elif not labels:
        errors["labels"] = ["Cochez au moins une information à partager."]
    if form is AgreementForm.ORAL and not witness:
        errors["witness"] = ["Un accord oral se recueille devant témoin : écrivez son nom et sa fonction."]
    if ends_on is not None and ends_on < starts_on:
        errors["ends_on"] = [f"La fin ({ends_on:%d/%m/%Y}) est avant le début ({starts_on:%d/%m/%Y})."]
    elif ends_on is not None and ends_on < today:
        errors["ends_on"] = [f"Cet accord serait déjà échu depuis le {ends_on:%d/%m/%Y}."]
    if errors:
        raise InvalidInput(errors)
