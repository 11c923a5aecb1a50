"""Tell people, neutrally, that a partner's proposal awaits them or was answered."""

from pdp.cases.models import Case
from pdp.cases.queries import list_referents
from pdp.core import clock
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.roles import Role
from pdp.requests.models import DispositifRequest


def tell_referent(case: Case, request: DispositifRequest) -> None:
    """Tell the referent, or the managers while nobody is named, that a proposal awaits an answer."""
    managers = [
        found.user_id for found in list_referents(case.cellule_id, clock.today()) if found.role is Role.MANAGER
    ]
    _tell([case.referent_user_id] if case.referent_user_id else managers, NoticeKind.PROPOSAL_RECEIVED, request)


def tell_author(request: DispositifRequest) -> None:
    """Tell who proposed a request that it was answered."""
    _tell([request.created_by_id], NoticeKind.PROPOSAL_ANSWERED, request)


def _tell(people: list[int], kind: NoticeKind, request: DispositifRequest) -> None:
    notifications.notify(
        people,
        kind,
        cellule_id=request.cellule_id,
        case_id=request.case_id,
        link=f"/demandes/{request.public_id}",
    )
