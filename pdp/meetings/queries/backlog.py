"""The requests that wait for a place on an agenda."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, contains_eager

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.meetings.enums import BallotStatus
from pdp.meetings.models import AgendaItem, Ballot
from pdp.meetings.queries.access import known
from pdp.meetings.queries.held import Held, list_held
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest, EligibilitySnapshot
from pdp.requests.queries import newest_snapshots, submitted_at
from pdp.requests.rules.findings import GroupFindings, read_stored
from pdp.requests.rules.standing import missing_pieces

# The statuses from which the request table lets a request be scheduled.
WAITING = (RequestStatus.READY, RequestStatus.ADJOURNED)


@dataclass(frozen=True, slots=True)
class BacklogRow:
    """A request that may be put on an agenda. `since` is when it was last declared ready."""

    request: str
    case: str
    reference: str
    name: str
    groups: tuple[StatusGroup, ...]
    dispositif: Dispositif
    adjourned: bool
    findings: tuple[GroupFindings, ...]
    missing: tuple[str, ...]
    referent: str
    since: datetime
    # A member asked that it be debated orally: it comes first.
    evoked_at: datetime | None = None
    # What its newest opinion holds: a condition that sent it back, or what an adjournment waits for.
    held: Held | None = None


def list_backlog(actor: Actor, limit: int) -> Sequence[BacklogRow]:
    """Return the requests that may be scheduled, in constant statements.

    Those whose written consultation was stopped for an oral debate come first, then the one that waits longest.
    """
    cellule_id, requests = actor.cellule_id, _waiting(actor, limit)
    keys = [request.id for request in requests]
    snapshots, ready = newest_snapshots(cellule_id, keys), submitted_at(cellule_id, keys)
    evoked, held = _evoked(cellule_id, keys), list_held(cellule_id, keys)
    rows = [
        _row(
            request,
            snapshots.get(request.id),
            ready.get(request.id, request.created_at),
            evoked.get(request.id),
            held.get(request.id),
        )
        for request in requests
    ]
    return sorted(rows, key=lambda row: (row.evoked_at is None, row.since))


def count_backlog(actor: Actor) -> int:
    """Count the requests that may be scheduled."""
    found = db.session().scalar(
        select(func.count())
        .select_from(DispositifRequest)
        .join(DispositifRequest.case)
        .where(DispositifRequest.cellule_id == actor.cellule_id, DispositifRequest.status.in_(WAITING), known(actor))
    )
    return found or 0


def missing_by_request(cellule_id: int, requests: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return, by public id, the pieces that each request still waits for; none for a complete one."""
    rows = db.session().execute(
        select(DispositifRequest.id, DispositifRequest.public_id).where(
            DispositifRequest.cellule_id == cellule_id, DispositifRequest.public_id.in_(requests)
        )
    )
    keys = {row.id: row.public_id for row in rows}
    snapshots = newest_snapshots(cellule_id, list(keys))
    return {keys[key]: missing_pieces(read_stored(found.results)) for key, found in snapshots.items()}


def _evoked(cellule_id: int, requests: Collection[int]) -> Mapping[int, datetime]:
    """Return when an oral debate was asked on each request whose last examination was stopped by it."""
    later = aliased(AgendaItem)
    again = exists().where(later.request_id == AgendaItem.request_id, later.id > AgendaItem.id)
    rows = db.session().execute(
        select(AgendaItem.request_id, Ballot.closed_at)
        .join(Ballot, Ballot.item_id == AgendaItem.id)
        .where(AgendaItem.cellule_id == cellule_id, AgendaItem.request_id.in_(requests))
        .where(Ballot.status == BallotStatus.STOPPED, ~again)
    )
    return {row[0]: row[1] for row in rows if row[1]}


def _waiting(actor: Actor, limit: int) -> Sequence[DispositifRequest]:
    case = contains_eager(DispositifRequest.case)
    return (
        db.session()
        .scalars(
            select(DispositifRequest)
            .join(DispositifRequest.case)
            .options(case.joinedload(Case.person), case.joinedload(Case.referent), case.selectinload(Case.activities))
            .where(
                DispositifRequest.cellule_id == actor.cellule_id,
                DispositifRequest.status.in_(WAITING),
                known(actor),
            )
            .order_by(DispositifRequest.id)
            .limit(limit)
        )
        .all()
    )


def _row(
    request: DispositifRequest,
    snapshot: EligibilitySnapshot | None,
    since: datetime,
    evoked_at: datetime | None,
    held: Held | None,
) -> BacklogRow:
    case, findings = request.case, read_stored(snapshot.results) if snapshot else ()
    return BacklogRow(
        request=request.public_id,
        case=case.public_id,
        reference=case.reference,
        name=case.person.full_name,
        groups=groups_of(case),
        dispositif=request.dispositif,
        adjourned=request.status is RequestStatus.ADJOURNED,
        findings=findings,
        missing=missing_pieces(findings) if findings else (),
        referent=case.referent.full_name if case.referent else "",
        since=since,
        evoked_at=evoked_at,
        held=held,
    )


def groups_of(case: Case) -> tuple[StatusGroup, ...]:
    """Return the status groups of a case today, its activities loaded; a double status gives two."""
    today = clock.today()
    current = {each.status.group for each in case.activities if each.ends_on is None or each.ends_on >= today}
    return tuple(group for group in (StatusGroup.SALARIE, StatusGroup.TI) if group in current)
