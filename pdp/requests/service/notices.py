"""Tell people, neutrally, that a partner's proposal awaits them or was answered."""

from pdp.cases.models import Case
from pdp.cases.queries import list_answerers
from pdp.core import clock
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.requests.models import DispositifRequest


def tell_referent(case: Case, request: DispositifRequest) -> None:
    """Tell who answers for the case that a proposal awaits an answer."""
    _tell(list_answerers(case, clock.today()), NoticeKind.PROPOSAL_RECEIVED, request)


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
