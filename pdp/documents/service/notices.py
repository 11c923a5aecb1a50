"""Tell people, neutrally, that a piece awaits them or was examined."""

from pdp.accounts.models import Membership
from pdp.cases.models import Case
from pdp.cases.queries import list_referents
from pdp.core import clock
from pdp.documents.models import Document
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.roles import Role


def tell_examiners(case: Case, document: Document) -> None:
    """Tell the referent, or the managers while nobody is named, that a piece awaits examination."""
    people: list[int] = [case.referent_user_id] if case.referent_user_id else []
    if not people:
        people = [_user(found) for found in list_referents(case.cellule_id, clock.today()) if _manages(found)]
    notifications.notify(
        people,
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


def _manages(membership: Membership) -> bool:
    return membership.role is Role.MANAGER


def _user(membership: Membership) -> int:
    return membership.user_id
