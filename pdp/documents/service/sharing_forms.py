"""The signed forms of sharing agreements: awaited among the pieces of a case, and found again by its sharing tab."""

from collections.abc import Mapping, Sequence

from pdp.cases.models import Case
from pdp.cases.queries.facts import agreement_facts
from pdp.consent.enums import AgreementForm, AgreementStatus
from pdp.consent.models import SharingAgreement
from pdp.consent.rules import status_on
from pdp.core import clock
from pdp.documents import queries
from pdp.documents.enums import About, PaperKind, ReviewState
from pdp.documents.hooks import ExpectedPiece
from pdp.documents.service.access import reader_of
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can

_STANDING = frozenset({AgreementStatus.IN_FORCE, AgreementStatus.FUTURE})


def list_expected(actor: Actor, case: Case) -> Sequence[ExpectedPiece]:
    """Return the signed forms that the agreements of a case rest on, for who records agreements.

    Agreements taken over from before, without the day they were given on, await no form.
    """
    if not can(actor, Permission.SHARING_RECORD) or Label.AGREEMENTS not in reader_of(actor, case).writable:
        return ()
    return [_expected(case, agreement) for agreement in case.agreements if _awaits_form(agreement)]


def find_proofs(actor: Actor, case: Case) -> Mapping[str, str]:
    """Return the accepted piece that proves each agreement, by the public id of the agreement."""
    refs = [agreement.public_id for agreement in case.agreements]
    found = queries.list_about(case, reader_of(actor, case), About.PIECE, refs)
    return {
        document.about_ref: document.public_id
        for document in found
        if document.about_ref and document.review is ReviewState.ACCEPTED
    }


def _awaits_form(agreement: SharingAgreement) -> bool:
    status = status_on(agreement_facts(agreement), clock.today(), agreement.end_kind)
    return agreement.form is AgreementForm.SIGNED and agreement.agreed_on is not None and status in _STANDING


def _expected(case: Case, agreement: SharingAgreement) -> ExpectedPiece:
    return ExpectedPiece(
        ref=agreement.public_id,
        title="Formulaire d’accord signé",
        wanted_for=f"Partage avec {agreement.organisation.short_name}",
        kind=PaperKind.SHARING_FORM,
        received=False,
        asked_on=agreement.agreed_on,
        label=Label.AGREEMENTS,
        endpoint="cases.show_sharing",
        target=(("case_id", case.public_id),),
        may_record=False,
        one_click=False,
    )
