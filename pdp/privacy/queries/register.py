"""Reads of the register: who may know of a request is decided here, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select, true, tuple_
from sqlalchemy.orm import contains_eager

from pdp.accounts.models import Cellule
from pdp.cases.models import Case
from pdp.cases.queries import visible_to
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can
from pdp.policy.roles import Role
from pdp.privacy.enums.register import RequestState, RightKind
from pdp.privacy.models import RightsRequest

PAGE = 30
# A suspended request has no deadline: it stands after those that have one.
_NO_DEADLINE = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A line of the register. Without a case the person is unknown to the cellule."""

    id: int
    public_id: str
    reference: str
    kind: RightKind
    state: RequestState
    received_on: date
    due_on: date | None
    closed_on: date | None
    extended: bool
    case_reference: str | None
    case_public_id: str | None


def open_to(actor: Actor) -> ColumnElement[bool]:
    """Return the filter over `RightsRequest` joined to `Case` of the requests that the actor may know of.

    The DPO and the coordination keep the register; a restricted case is the DPO's and its readers'. Who
    answers for a case knows the requests about it.
    """
    here = RightsRequest.cellule_id == actor.cellule_id
    if not can(actor, Permission.RIGHTS_READ):
        return and_(here, RightsRequest.id.is_(None))
    if actor.role is Role.DPO:
        return here
    seen = visible_to(actor, clock.today())
    if actor.role is Role.COORDINATEUR:
        return and_(here, or_(RightsRequest.case_id.is_(None), seen))
    if actor.role is Role.MANAGER:
        return and_(here, seen)
    return and_(here, seen, or_(Case.referent_user_id == actor.user_id, Case.referent_user_id.is_(None)))


def _joined(wanted: Select[RightsRequest]) -> Select[RightsRequest]:
    return wanted.outerjoin(RightsRequest.case).options(contains_eager(RightsRequest.case))


def get_request(actor: Actor, public_id: str, *, lock: bool = False) -> RightsRequest:
    """Return a request with its case. Raises `NotFound` when it is missing or not the actor's to know."""
    wanted = _joined(select(RightsRequest)).where(RightsRequest.public_id == public_id, open_to(actor))
    if lock:
        wanted = wanted.with_for_update(of=RightsRequest).execution_options(populate_existing=True)
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_of_case(actor: Actor, case_id: int) -> Sequence[RightsRequest]:
    """Return the requests about a case that the actor may know of, newest first."""
    wanted = _joined(select(RightsRequest)).where(RightsRequest.case_id == case_id, open_to(actor))
    return db.session().scalars(wanted.order_by(RightsRequest.received_on.desc(), RightsRequest.id.desc())).all()


def waiting_answers(actor: Actor) -> Select[int, datetime]:
    """Select how many open requests no deadline of a case shows to the actor, and when the oldest was recorded.

    The DPO opens no case: all of them are in this count. The coordination has the others among its deadlines.
    """
    wanted = select(func.count(RightsRequest.id), func.min(RightsRequest.recorded_at)).where(
        RightsRequest.cellule_id == actor.cellule_id, RightsRequest.closed_on.is_(None)
    )
    return wanted if actor.role is Role.DPO else wanted.where(RightsRequest.case_id.is_(None))


def list_register(actor: Actor, *, over: bool, after: str | None) -> tuple[list[RequestRow], str | None]:
    """Return a page of the register and the key of the next one: by deadline, or the last closed first."""
    due = func.coalesce(RightsRequest.due_on, _NO_DEADLINE)
    wanted = (
        select(
            RightsRequest.id,
            RightsRequest.public_id,
            RightsRequest.reference,
            RightsRequest.kind,
            RightsRequest.state,
            RightsRequest.received_on,
            RightsRequest.due_on,
            RightsRequest.closed_on,
            RightsRequest.extended_on.is_not(None),
            Case.reference,
            Case.public_id,
        )
        .outerjoin(RightsRequest.case)
        .where(open_to(actor))
        .limit(PAGE + 1)
    )
    key = tuple_(RightsRequest.closed_on if over else due, RightsRequest.id)
    if over:
        wanted = wanted.where(RightsRequest.closed_on.is_not(None)).order_by(
            RightsRequest.closed_on.desc(), RightsRequest.id.desc()
        )
    else:
        wanted = wanted.where(RightsRequest.closed_on.is_(None)).order_by(due, RightsRequest.id)
    if after is not None:
        last = select(RightsRequest.closed_on if over else due, RightsRequest.id).where(
            RightsRequest.public_id == after, RightsRequest.cellule_id == actor.cellule_id
        )
        found = db.session().execute(last).one_or_none()
        if found is not None and found[0] is not None:
            edge = tuple_(*found)
            wanted = wanted.where(key < edge if over else key > edge)
    rows = [RequestRow(*row) for row in db.session().execute(wanted)]
    return rows[:PAGE], rows[PAGE - 1].public_id if len(rows) > PAGE else None


def count_waiting(actor: Actor) -> tuple[int, date | None]:
    """Return how many requests of the register wait for an answer, and when the oldest arrived."""
    wanted = (
        select(func.count(), func.min(RightsRequest.received_on))
        .select_from(RightsRequest)
        .outerjoin(RightsRequest.case)
        .where(open_to(actor), RightsRequest.closed_on.is_(None))
    )
    count, oldest = db.session().execute(wanted).one()
    return count, oldest


def list_waiting(actor: Actor, limit: int) -> Sequence[RightsRequest]:
    """Return the unanswered requests with a deadline that the actor follows, nearest first, with case and person."""
    wanted = (
        select(RightsRequest)
        .join(RightsRequest.case)
        .join(Case.person)
        .options(contains_eager(RightsRequest.case).contains_eager(Case.person))
        .where(open_to(actor), RightsRequest.closed_on.is_(None), RightsRequest.due_on.is_not(None))
    )
    return db.session().scalars(wanted.order_by(RightsRequest.due_on, RightsRequest.id).limit(limit)).all()


def list_to_remind(cellule_id: int, until: date, today: date) -> Sequence[RightsRequest]:
    """Return the unanswered requests due until a day, not reminded since; with their cases."""
    wanted = _joined(select(RightsRequest)).where(
        RightsRequest.cellule_id == cellule_id,
        RightsRequest.closed_on.is_(None),
        RightsRequest.due_on <= until,
        or_(
            RightsRequest.reminded_on.is_(None),
            and_(RightsRequest.reminded_on < RightsRequest.due_on, RightsRequest.due_on < today),
        ),
    )
    return db.session().scalars(wanted.order_by(RightsRequest.id).with_for_update(of=RightsRequest)).all()


def find_case(actor: Actor, reference: str) -> Case | None:
    """Return the case of the cellule with this reference: any of them for the DPO, who reads nothing else of it."""
    seen = true() if actor.role is Role.DPO else visible_to(actor, clock.today())
    wanted = select(Case).where(Case.cellule_id == actor.cellule_id, Case.reference == reference, seen)
    return db.session().scalars(wanted).one_or_none()


def next_reference(cellule_id: int, year: int) -> str:
    """Return the next number of the register, `DR-2026-014`; the cellule's row stays locked until the end."""
    db.session().execute(select(Cellule.id).where(Cellule.id == cellule_id).with_for_update(key_share=True)).one()
    prefix = f"DR-{year}-"
    number = cast(func.substr(RightsRequest.reference, len(prefix) + 1), Integer)
    highest = db.session().scalar(
        select(func.max(number)).where(
            RightsRequest.cellule_id == cellule_id, RightsRequest.reference.startswith(prefix)
        )
    )
    return f"{prefix}{(highest or 0) + 1:03}"
