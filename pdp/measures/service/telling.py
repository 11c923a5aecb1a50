"""Tell those who answer for a case that a measure nears a limit."""

from collections import defaultdict
from datetime import date

from pdp.accounts.service.upkeep import in_each_cellule
from pdp.audit import service as audit
from pdp.cases.queries import list_answerers
from pdp.core import clock, db
from pdp.measures import queries
from pdp.measures.rules.acts import LIVE
from pdp.measures.rules.alerts import last_call
from pdp.measures.service.standing import standing_of
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.requests.models import DispositifRequest
from pdp.requests.service.appraisal import frame_of


def tell_all() -> None:
    """Tell once of each threshold reached, and once more when the day has passed; a morning missed is made up for."""
    in_each_cellule(_tell)


def _tell(cellule_id: int) -> None:
    found, frame = queries.list_followed(cellule_id), frame_of(cellule_id)
    events = queries.list_events(cellule_id, [each.id for each in found])
    cases: dict[int, list[DispositifRequest]] = defaultdict(list)
    for request in found:
        cases[request.case_id].append(request)
    told = 0
    for request in found:
        if request.status in LIVE:
            standing = standing_of(request, cases[request.case_id], events, frame)
            told += _call(request, last_call(standing.deadlines, clock.today()))
    if told:
        audit.record(None, "measure.remind", count=told)


def _call(request: DispositifRequest, since: date | None) -> int:
    """Tell those who answer for the case unless they were told since that day; return how many were."""
    if since is None:
        return 0
    users, link = list_answerers(request.case, clock.today()), f"/demandes/{request.public_id}/mesure"
    told = notifications.last_told(db.Upkeep(request.cellule_id), users, {NoticeKind.MEASURE_LIMIT}, link)
    called = [user for user in users if user not in told or clock.local(told[user]).date() < since]
    if called:
        notifications.notify(
            called, NoticeKind.MEASURE_LIMIT, cellule_id=request.cellule_id, case_id=request.case_id, link=link
        )
    return len(called)
