"""Reads of requests. A hidden request is a missing one; each read says what it loads."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from pdp.accounts.enums import Voice
from pdp.accounts.models import Seat, SeatHolder
from pdp.cases.models import Case
from pdp.cases.queries import reads_label
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.enums import SnapshotReason
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, HumanAnswer, RequiredPiece
from pdp.requests.rules.workflow import OPEN


def get_case(actor: Actor, public_id: str) -> Case:
    """Return a case whose requests the actor may read, with all that an evaluation needs."""
    case = (
        db.session()
        .scalars(
            select(Case)
            .options(
                joinedload(Case.person),
                joinedload(Case.referent),
                selectinload(Case.activities),
                selectinload(Case.stoppages),
                selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
            )
            .where(Case.public_id == public_id, reads_label(actor, Label.REQUEST, clock.today()))
        )
        .one_or_none()
    )
    if case is None:
        raise NotFound
    return case


def get_request(actor: Actor, public_id: str, *, lock: bool = False) -> DispositifRequest:
    """Return a request that the actor may read, with its pieces and all that an evaluation needs.

    `lock` keeps other writers out until the end of the transaction.
    """
    found = (
        select(DispositifRequest)
        .join(DispositifRequest.case)
        .where(DispositifRequest.public_id == public_id, reads_label(actor, Label.REQUEST, clock.today()))
    )
    if lock:
        db.session().scalars(found.with_for_update(of=DispositifRequest)).one_or_none()
    request = db.session().scalars(_whole(found)).one_or_none()
    if request is None:
        raise NotFound
    return request


def list_case_requests(cellule_id: int, case_id: int) -> Sequence[DispositifRequest]:
    """Return the requests of a case, newest first, with pieces and what an evaluation needs."""
    found = select(DispositifRequest).where(
        DispositifRequest.cellule_id == cellule_id, DispositifRequest.case_id == case_id
    )
    return db.session().scalars(_whole(found).order_by(DispositifRequest.id.desc())).all()


def list_pieces_of_case(case: Case) -> Sequence[DispositifRequest]:
    """Return the requests of a case that may still be tabled, with what each requires, in two statements."""
    return (
        db.session()
        .scalars(
            select(DispositifRequest)
            .options(selectinload(DispositifRequest.pieces))
            .where(
                DispositifRequest.cellule_id == case.cellule_id,
                DispositifRequest.case_id == case.id,
                DispositifRequest.status.in_(OPEN),
            )
            .order_by(DispositifRequest.id)
        )
        .all()
    )


def list_other_requests(request: DispositifRequest) -> Sequence[DispositifRequest]:
    """Return the other requests of the same case for the same dispositif, alone, oldest first."""
    return (
        db.session()
        .scalars(
            select(DispositifRequest)
            .where(
                DispositifRequest.cellule_id == request.cellule_id,
                DispositifRequest.case_id == request.case_id,
                DispositifRequest.dispositif == request.dispositif,
                DispositifRequest.id != request.id,
            )
            .order_by(DispositifRequest.id)
        )
        .all()
    )


def newest_snapshots(
    cellule_id: int, request_ids: Sequence[int], until: Mapping[int, datetime] | None = None
) -> dict[int, EligibilitySnapshot]:
    """Return the newest snapshot of each request that has one, in one statement.

    `until` names, by request, the instant after which what was kept no longer counts.
    """
    if not request_ids:
        return {}
    table = EligibilitySnapshot
    too_late = [and_(table.request_id == key, table.taken_at > instant) for key, instant in (until or {}).items()]
    newest = (
        select(func.max(table.id))
        .where(table.cellule_id == cellule_id, table.request_id.in_(request_ids), not_(or_(false(), *too_late)))
        .group_by(table.request_id)
    )
    found = db.session().scalars(select(table).where(table.id.in_(newest)))
    return {snapshot.request_id: snapshot for snapshot in found}


def submitted_at(cellule_id: int, request_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each request was last declared ready, in one statement."""
    table = EligibilitySnapshot
    rows = db.session().execute(
        select(table.request_id, func.max(table.taken_at).label("instant"))
        .where(
            table.cellule_id == cellule_id,
            table.request_id.in_(request_ids),
            table.reason == SnapshotReason.SUBMITTED,
        )
        .group_by(table.request_id)
    )
    return {row.request_id: row.instant for row in rows}


def newest_snapshot(request: DispositifRequest) -> EligibilitySnapshot | None:
    """Return the eligibility of a request as it was last kept."""
    return newest_snapshots(request.cellule_id, [request.id]).get(request.id)


def list_snapshots(request: DispositifRequest) -> Sequence[EligibilitySnapshot]:
    """Return every eligibility kept of a request, newest first."""
    return (
        db.session()
        .scalars(
            select(EligibilitySnapshot)
            .where(EligibilitySnapshot.cellule_id == request.cellule_id, EligibilitySnapshot.request_id == request.id)
            .order_by(EligibilitySnapshot.id.desc())
        )
        .all()
    )


def list_answers(request: DispositifRequest) -> Sequence[HumanAnswer]:
    """Return the answers given to the rules of a request, oldest first, with their authors."""
    return (
        db.session()
        .scalars(
            select(HumanAnswer)
            .options(joinedload(HumanAnswer.answered_by))
            .where(HumanAnswer.cellule_id == request.cellule_id, HumanAnswer.request_id == request.id)
            .order_by(HumanAnswer.id)
        )
        .all()
    )


def find_piece(request: DispositifRequest, public_id: str) -> RequiredPiece:
    """Return one of the loaded pieces of a request."""
    for piece in request.pieces:
        if piece.public_id == public_id:
            return piece
    raise NotFound


def deliberative_seat(actor: Actor, day: date) -> Seat | None:
    """Return the deliberative seat that the actor holds on `day`, as titulaire first; None without one."""
    return (
        db.session()
        .scalars(
            select(Seat)
            .join(SeatHolder, SeatHolder.seat_id == Seat.id)
            .where(
                Seat.cellule_id == actor.cellule_id,
                Seat.voice == Voice.DELIBERATIVE,
                SeatHolder.membership_id == actor.membership_id,
                *_holds(Seat.starts_on, Seat.ends_on, day),
                *_holds(SeatHolder.starts_on, SeatHolder.ends_on, day),
            )
            .order_by(SeatHolder.rank.desc(), Seat.position)
            .limit(1)
        )
        .one_or_none()
    )


def _holds(
    start: InstrumentedAttribute[date], end: InstrumentedAttribute[date | None], day: date
) -> tuple[ColumnElement[bool], ...]:
    return (start <= day, or_(end.is_(None), end >= day))


def _whole(found: Select[DispositifRequest]) -> Select[DispositifRequest]:
    case = joinedload(DispositifRequest.case)
    return found.options(
        case.joinedload(Case.person),
        case.joinedload(Case.referent),
        case.selectinload(Case.activities),
        case.selectinload(Case.stoppages),
        case.selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
        selectinload(DispositifRequest.pieces),
        joinedload(DispositifRequest.created_by),
    ).execution_options(populate_existing=True)
