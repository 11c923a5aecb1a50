"""The requests that wait for a place on an agenda."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from pdp.cases.models import Case
from pdp.core import db
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest, EligibilitySnapshot
from pdp.requests.rules.findings import GroupFindings, read_stored

# The statuses from which the request table lets a request be scheduled.
WAITING = (RequestStatus.READY, RequestStatus.ADJOURNED)


@dataclass(frozen=True, slots=True)
class BacklogRow:
    """A request that may be put on an agenda. `since` is when its eligibility was last kept."""

    request: str
    case: str
    reference: str
    name: str
    groups: tuple[StatusGroup, ...]
    dispositif: Dispositif
    adjourned: bool
    findings: tuple[GroupFindings, ...]
    referent: str
    since: datetime


def list_backlog(cellule_id: int, limit: int) -> Sequence[BacklogRow]:
    """Return the requests that may be scheduled, the one that waits longest first, in three statements."""
    requests = _waiting(cellule_id, limit)
    snapshots = latest_snapshots(cellule_id, [request.id for request in requests])
    rows = [_row(request, snapshots.get(request.id)) for request in requests]
    return sorted(rows, key=lambda row: row.since)


def count_backlog(cellule_id: int) -> int:
    """Count the requests that may be scheduled."""
    found = db.session().scalar(
        select(func.count()).where(DispositifRequest.cellule_id == cellule_id, DispositifRequest.status.in_(WAITING))
    )
    return found or 0


def latest_snapshots(cellule_id: int, request_ids: Collection[int]) -> Mapping[int, EligibilitySnapshot]:
    """Return the newest eligibility of each of these requests."""
    newest = (
        select(func.max(EligibilitySnapshot.id))
        .where(EligibilitySnapshot.cellule_id == cellule_id, EligibilitySnapshot.request_id.in_(request_ids))
        .group_by(EligibilitySnapshot.request_id)
    )
    found = db.session().scalars(select(EligibilitySnapshot).where(EligibilitySnapshot.id.in_(newest)))
    return {snapshot.request_id: snapshot for snapshot in found}


def _waiting(cellule_id: int, limit: int) -> Sequence[DispositifRequest]:
    case = joinedload(DispositifRequest.case)
    return (
        db.session()
        .scalars(
            select(DispositifRequest)
            .options(case.joinedload(Case.person), case.joinedload(Case.referent), case.selectinload(Case.activities))
            .where(DispositifRequest.cellule_id == cellule_id, DispositifRequest.status.in_(WAITING))
            .order_by(DispositifRequest.id)
            .limit(limit)
        )
        .all()
    )


def _row(request: DispositifRequest, snapshot: EligibilitySnapshot | None) -> BacklogRow:
    case = request.case
    return BacklogRow(
        request=request.public_id,
        case=case.public_id,
        reference=case.reference,
        name=case.person.full_name,
        groups=groups_of(case),
        dispositif=request.dispositif,
        adjourned=request.status is RequestStatus.ADJOURNED,
        findings=read_stored(snapshot.results) if snapshot else (),
        referent=case.referent.full_name if case.referent else "",
        since=snapshot.taken_at if snapshot else request.created_at,
    )


def groups_of(case: Case) -> tuple[StatusGroup, ...]:
    """Return the status groups of a case whose activities are loaded, salarié first; a double status gives two."""
    found = {activity.status.group for activity in case.activities}
    return tuple(group for group in StatusGroup if group in found)
