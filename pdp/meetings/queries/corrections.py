"""Corrections made after a ballot closed, seen by who reads the votes and the opinion of the case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import contains_eager, joinedload

from pdp.accounts.models import Membership
from pdp.cases.models import Case
from pdp.cases.queries import reads_label
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings.enums import CorrectionState, VoteValue
from pdp.meetings.models import AgendaItem, CelluleOpinion, FundDecision, Meeting, OpinionCorrection
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest

PAGE = 25


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction with the item that it is about (request, case, person and opinion loaded) and its séance."""

    correction: OpinionCorrection
    item: AgendaItem
    meeting: Meeting


def get_row(actor: Actor, public_id: str) -> CorrectionRow:
    """Return a correction that the actor may read. Raises `NotFound`."""
    rows = _rows(actor, OpinionCorrection.public_id == public_id).limit(1)
    for correction, item, meeting in db.session().execute(rows):
        return CorrectionRow(correction, item, meeting)
    raise NotFound


def list_rows(actor: Actor, limit: int = PAGE) -> Sequence[CorrectionRow]:
    """Return the newest corrections that the actor may read, those that wait first."""
    waits = OpinionCorrection.state == CorrectionState.WAITING
    rows = _rows(actor).order_by(waits.desc(), OpinionCorrection.id.desc()).limit(limit)
    return [CorrectionRow(*row) for row in db.session().execute(rows)]


def lock_correction(actor: Actor, public_id: str) -> OpinionCorrection:
    """Return a correction, locked until the commit; the caller already holds its item."""
    found = db.session().scalars(
        select(OpinionCorrection)
        .where(OpinionCorrection.cellule_id == actor.cellule_id, OpinionCorrection.public_id == public_id)
        .with_for_update(of=OpinionCorrection)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


def list_of_item(item_id: int) -> Sequence[OpinionCorrection]:
    """Return the corrections of an item, oldest first."""
    wanted = select(OpinionCorrection).where(OpinionCorrection.item_id == item_id).order_by(OpinionCorrection.id)
    return db.session().scalars(wanted).all()


def confirmed_answers(corrections: Sequence[OpinionCorrection]) -> Mapping[int, VoteValue | None]:
    """Return what the confirmed corrections put in place of the answers counted, the newest last."""
    return {
        seat: VoteValue(value) if value else None
        for correction in corrections
        if correction.state is CorrectionState.CONFIRMED
        for seat, _, value in correction.changes
    }


def end_overdue(item_id: int, now: datetime) -> None:
    """Say of a proposal of this item that nobody answered in time."""
    db.session().execute(
        update(OpinionCorrection)
        .where(
            OpinionCorrection.item_id == item_id,
            OpinionCorrection.state == CorrectionState.WAITING,
            OpinionCorrection.answer_by < now,
        )
        .values(state=CorrectionState.EXPIRED)
    )


def is_newest_opinion(opinion: CelluleOpinion, request_id: int) -> bool:
    """Tell whether no later opinion was given on the request."""
    later = (
        select(CelluleOpinion.id)
        .join(AgendaItem, AgendaItem.id == CelluleOpinion.item_id)
        .where(AgendaItem.request_id == request_id, CelluleOpinion.id > opinion.id)
    )
    return db.session().scalar(later.limit(1)) is None


def is_decided(cellule_id: int, request_id: int) -> bool:
    """Tell whether the deciding body has decided on the request."""
    wanted = select(FundDecision.id).where(
        FundDecision.cellule_id == cellule_id, FundDecision.request_id == request_id
    )
    return db.session().scalar(wanted) is not None


def corrected_at(cellule_id: int, request_id: int) -> datetime | None:
    """Return when the opinion on a request was last corrected; None when it never was."""
    wanted = (
        select(func.max(OpinionCorrection.decided_at))
        .join(AgendaItem, AgendaItem.id == OpinionCorrection.item_id)
        .where(
            OpinionCorrection.cellule_id == cellule_id,
            OpinionCorrection.state == CorrectionState.CONFIRMED,
            AgendaItem.request_id == request_id,
        )
    )
    return db.session().scalar(wanted)


def is_one_of(user_id: int, memberships: Collection[int]) -> bool:
    """Tell whether a person holds one of these accesses: several roles are one person."""
    wanted = select(Membership.id).where(Membership.id.in_(memberships), Membership.user_id == user_id)
    return db.session().scalar(wanted.limit(1)) is not None


def access_since(membership_id: int) -> date:
    """Return the first day of an access."""
    return db.session().get_one(Membership, membership_id).starts_on


def waiting_corrections(actor: Actor) -> Select[int, datetime]:
    """Select how many corrections proposed by somebody else wait for an answer, and since when."""
    return (
        select(func.count(OpinionCorrection.id), func.min(OpinionCorrection.proposed_at))
        .join(Case, Case.id == OpinionCorrection.case_id)
        .where(
            OpinionCorrection.state == CorrectionState.WAITING,
            OpinionCorrection.answer_by >= clock.now(),
            OpinionCorrection.proposed_by_id != actor.user_id,
            seen_by(actor),
        )
    )


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the filter over a correction and its case: votes and opinion are read by the actor."""
    today = clock.today()
    return and_(
        OpinionCorrection.cellule_id == actor.cellule_id,
        reads_label(actor, Label.BALLOT, today),
        reads_label(actor, Label.OPINION, today),
    )


def _rows(actor: Actor, *conditions: ColumnElement[bool]) -> Select[OpinionCorrection, AgendaItem, Meeting]:
    case = contains_eager(AgendaItem.request).contains_eager(DispositifRequest.case)
    return (
        select(OpinionCorrection, AgendaItem, Meeting)
        .join(AgendaItem, AgendaItem.id == OpinionCorrection.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(AgendaItem.request)
        .join(DispositifRequest.case)
        .options(
            case.joinedload(Case.person, innerjoin=True),
            joinedload(AgendaItem.ballot),
            joinedload(AgendaItem.opinion),
        )
        .where(seen_by(actor), *conditions)
    )
