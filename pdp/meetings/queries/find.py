"""Find and lock the rows that a use case changes. Hidden and missing are the same `NotFound`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.accounts.models import Membership, Seat, SeatHolder
from pdp.cases.models import Case
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.core.scope import Scope
from pdp.meetings.enums import MeetingKind
from pdp.meetings.models import (
    Action,
    AgendaItem,
    Attendance,
    Ballot,
    BallotVoter,
    CelluleOpinion,
    Meeting,
    Vote,
)
from pdp.meetings.queries.access import known
from pdp.meetings.queries.kinds import is_seance, is_written
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest

Row = TypeVar("Row")

SEANCES = (MeetingKind.SEANCE,)
WRITTEN = (MeetingKind.WRITTEN,)
ANY_KIND = tuple(MeetingKind)


@dataclass(frozen=True, slots=True)
class HeldBallot:
    """A locked ballot with the keys of what it is about."""

    ballot: Ballot
    item_id: int
    meeting_id: int
    request_id: int
    case_id: int
    # The instant after which a written consultation takes no vote; None in a séance.
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An agenda item with its request and its séance, all locked; the séance first."""

    item: AgendaItem
    meeting: Meeting
    request: DispositifRequest


def get_meeting_row(cellule_id: int, meeting_id: int) -> Meeting:
    """Return a séance by its key."""
    return one(select(Meeting).where(Meeting.cellule_id == cellule_id, Meeting.id == meeting_id))


def lock_meeting(actor: Actor, public_id: str) -> Meeting:
    """Return a séance of the actor's cellule, locked until the commit; never a written consultation."""
    return _lock_meeting(actor, Meeting.public_id == public_id, is_seance())


def lock_consultation(actor: Scope, public_id: str) -> Meeting:
    """Return the frame of a written consultation of a cellule, locked until the commit."""
    return _lock_meeting(actor, Meeting.public_id == public_id, is_written())


def _lock_meeting(actor: Scope, *conditions: ColumnElement[bool]) -> Meeting:
    return one(
        select(Meeting)
        .where(Meeting.cellule_id == actor.cellule_id, *conditions)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_item(actor: Actor, public_id: str, kinds: Collection[MeetingKind] = SEANCES) -> HeldItem:
    """Return an agenda item of the actor's cellule, with its séance and its request, all locked."""
    found = db.session().execute(
        select(AgendaItem.id, Meeting.public_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(AgendaItem.request)
        .join(DispositifRequest.case)
        .where(AgendaItem.cellule_id == actor.cellule_id, AgendaItem.public_id == public_id, known(actor))
        .where(Meeting.kind.in_(kinds))
    )
    keys = found.one_or_none()
    if keys is None:
        raise NotFound
    meeting = _lock_meeting(actor, Meeting.public_id == keys[1])
    item = one(
        select(AgendaItem)
        .join(AgendaItem.request)
        .options(contains_eager(AgendaItem.request).joinedload(DispositifRequest.case, innerjoin=True))
        .where(AgendaItem.id == keys[0])
        .with_for_update(of=[AgendaItem, DispositifRequest])
        .execution_options(populate_existing=True)
    )
    return HeldItem(item, meeting, item.request)


def lock_ballot(actor: Actor, public_id: str, kinds: Collection[MeetingKind] = SEANCES) -> HeldBallot:
    """Return a ballot of the actor's cellule, locked until the commit: votes and closing queue here."""
    found = db.session().execute(
        select(Ballot, AgendaItem.meeting_id, AgendaItem.request_id, DispositifRequest.case_id)
        .add_columns(Meeting.kind, Meeting.ends_at)
        .join(AgendaItem, AgendaItem.id == Ballot.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(DispositifRequest.case)
        .where(Ballot.cellule_id == actor.cellule_id, Ballot.public_id == public_id, known(actor))
        .where(Meeting.kind.in_(kinds))
        .with_for_update(of=Ballot)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    deadline = row[5] if row[4] is MeetingKind.WRITTEN else None
    return HeldBallot(row[0], row[0].item_id, row[1], row[2], row[3], deadline)


def lock_request(actor: Actor, public_id: str) -> DispositifRequest:
    """Return a request of the actor's cellule with its case, locked until the commit."""
    return one(
        select(DispositifRequest)
        .options(joinedload(DispositifRequest.case, innerjoin=True))
        .where(DispositifRequest.cellule_id == actor.cellule_id, DispositifRequest.public_id == public_id)
        .with_for_update(of=DispositifRequest)
        .execution_options(populate_existing=True)
    )


def lock_requests(actor: Actor, public_ids: Collection[str]) -> None:
    """Lock several requests of the actor's cellule until the commit, always in the order in which they were made."""
    db.session().execute(
        select(DispositifRequest.id)
        .where(DispositifRequest.cellule_id == actor.cellule_id, DispositifRequest.public_id.in_(public_ids))
        .order_by(DispositifRequest.id)
        .with_for_update(of=DispositifRequest)
    ).all()


def lock_action(actor: Actor, public_id: str) -> Action:
    """Return a thing to do of the actor's cellule, locked until the commit."""
    return one(
        select(Action)
        .join(Case, and_(Case.cellule_id == Action.cellule_id, Case.id == Action.case_id))
        .where(Action.cellule_id == actor.cellule_id, Action.public_id == public_id, known(actor))
        .with_for_update(of=Action)
        .execution_options(populate_existing=True)
    )


def lock_attendance(meeting: Meeting, seat_public_id: str) -> Attendance:
    """Return the presence row of a seat in a séance, with the seat."""
    return one(
        select(Attendance)
        .join(Seat, Seat.id == Attendance.seat_id)
        .options(joinedload(Attendance.seat), joinedload(Attendance.membership))
        .where(
            Attendance.cellule_id == meeting.cellule_id,
            Attendance.meeting_id == meeting.id,
            Seat.public_id == seat_public_id,
        )
        .with_for_update(of=Attendance)
        .execution_options(populate_existing=True)
    )


def list_items(meeting: Meeting) -> Sequence[AgendaItem]:
    """Return the agenda in its order, with request, ballot and opinion of each item."""
    return (
        db.session()
        .scalars(
            select(AgendaItem)
            .options(
                joinedload(AgendaItem.request).joinedload(DispositifRequest.case),
                joinedload(AgendaItem.ballot),
                joinedload(AgendaItem.opinion),
            )
            .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
            .order_by(AgendaItem.position, AgendaItem.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )


def list_attendances(cellule_id: int, meeting_id: int) -> Sequence[Attendance]:
    """Return who sits where, in the order of the seats, with seat, organisation and person."""
    return (
        db.session()
        .scalars(
            select(Attendance)
            .join(Attendance.seat)
            .options(
                joinedload(Attendance.seat).joinedload(Seat.organisation),
                joinedload(Attendance.membership).joinedload(Membership.user),
            )
            .where(Attendance.cellule_id == cellule_id, Attendance.meeting_id == meeting_id)
            .order_by(Seat.position, Seat.id)
        )
        .all()
    )


def voters_for(held: HeldBallot, membership_id: int, day: date) -> Sequence[BallotVoter]:
    """Return the seats of the electorate that a person may answer for, the own one first.

    The others are those that the person may hold on `day`, as suppléant after a déport. A represented seat
    is asked for by its name.
    """
    holds = select(SeatHolder.seat_id).where(
        SeatHolder.membership_id == membership_id,
        SeatHolder.starts_on <= day,
        or_(SeatHolder.ends_on.is_(None), SeatHolder.ends_on >= day),
    )
    rows = db.session().scalars(
        select(BallotVoter)
        .where(
            BallotVoter.ballot_id == held.ballot.id,
            or_(BallotVoter.membership_id == membership_id, BallotVoter.seat_id.in_(holds)),
            BallotVoter.by_proxy.is_(False),
        )
        .order_by(BallotVoter.position)
    )
    return sorted(rows, key=lambda voter: voter.membership_id != membership_id)


def list_voters(ballot_id: int) -> Sequence[BallotVoter]:
    """Return the frozen electorate in the order of the seats."""
    return (
        db.session()
        .scalars(select(BallotVoter).where(BallotVoter.ballot_id == ballot_id).order_by(BallotVoter.position))
        .all()
    )


def list_votes(ballot_id: int, seat_id: int | None = None) -> Sequence[Vote]:
    """Return every answer given in the round under way of a ballot, or by one seat in it, oldest first."""
    votes = select(Vote).join(Ballot, Ballot.id == Vote.ballot_id)
    votes = votes.where(Vote.ballot_id == ballot_id, Vote.round == Ballot.round)
    if seat_id is not None:
        votes = votes.where(Vote.seat_id == seat_id)
    return db.session().scalars(votes.order_by(Vote.seat_id, Vote.sequence)).all()


def last_sequences(ballot_id: int) -> Mapping[int, int]:
    """Return the highest sequence of each seat, whatever the round."""
    rows = db.session().execute(
        select(Vote.seat_id, func.max(Vote.sequence)).where(Vote.ballot_id == ballot_id).group_by(Vote.seat_id)
    )
    return {row[0]: row[1] for row in rows}


def find_opinion(item_id: int) -> CelluleOpinion | None:
    """Return the opinion recorded on an item."""
    return db.session().scalars(select(CelluleOpinion).where(CelluleOpinion.item_id == item_id)).one_or_none()


def find_ballot_of(item_id: int) -> Ballot | None:
    """Return the ballot of an item."""
    return db.session().scalars(select(Ballot).where(Ballot.item_id == item_id)).one_or_none()


def find_seat(cellule_id: int, public_id: str) -> Seat:
    """Return a seat of the cellule."""
    return one(select(Seat).where(Seat.cellule_id == cellule_id, Seat.public_id == public_id))


def list_holders(seat_ids: Sequence[int], day: date) -> Sequence[SeatHolder]:
    """Return who may sit in these seats on `day`, titulaires first, with membership and person."""
    return (
        db.session()
        .scalars(
            select(SeatHolder)
            .options(joinedload(SeatHolder.membership).joinedload(Membership.user))
            .where(
                SeatHolder.seat_id.in_(seat_ids),
                SeatHolder.starts_on <= day,
                or_(SeatHolder.ends_on.is_(None), SeatHolder.ends_on >= day),
            )
            .order_by(SeatHolder.seat_id, SeatHolder.rank.desc(), SeatHolder.id)
        )
        .all()
    )


def one(statement: Select[Row]) -> Row:
    found: Row | None = db.session().scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
