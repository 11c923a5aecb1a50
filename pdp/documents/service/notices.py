"""Tell people, neutrally, that a piece awaits them or was examined."""

from pdp.cases.models import Case
from pdp.cases.queries import list_answerers
from pdp.core import clock
from pdp.documents.models import Document
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind


def tell_examiners(case: Case, document: Document) -> None:
    """Tell who answers for the case that a piece awaits examination."""
    notifications.notify(
        list_answerers(case, clock.today()),
        NoticeKind.DOCUMENT_TO_REVIEW,
        cellule_id=case.cellule_id,
        case_id=case.id,
        link=f"/pieces/{document.public_id}/examen",
    )


def tell_author(case: Case, document: Document) -> None:
    """Tell who proposed a piece that it was answered."""
    notifications.notify(
        [document.added_by_id],
        NoticeKind.PROPOSAL_ANSWERED,
        cellule_id=case.cellule_id,
        case_id=case.id,
        link=f"/dossiers/{case.public_id}/pieces",
    )
