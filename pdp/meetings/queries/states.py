"""Cheap answers to polls: a tag that changes when anything shown does, in one statement each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from pdp.accounts.models import Seat, SeatHolder
from pdp.cases.models import CaseRecusal
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings.enums import BallotStatus, VoteValue
from pdp.meetings.models import (
    Action,
    AgendaItem,
    AgendaPoint,
    Attendance,
    Ballot,
    BallotVoter,
    CelluleOpinion,
    Meeting,
    Vote,
)
from pdp.meetings.queries.access import known
from pdp.meetings.queries.kinds import is_seance
from pdp.meetings.queries.rows import BallotState, MeetingState, SeatState
from pdp.meetings.queries.turnout import took_part
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest, HumanAnswer, RequiredPiece


@dataclass(frozen=True, slots=True)
class OpenVote:
    """The ballot open in a séance, and the case that it is about."""

    state: MeetingState
    case_id: int | None
    # The actor takes no part in that case: nothing of it opens to them.
    aside: bool = False


def meeting_state(actor: Actor, public_id: str) -> OpenVote:
    """Return where a séance stands. Raises `NotFound` outside the actor's cellule.

    The tag lists sums of versions and counts that only grow, so that two states never share one.
    """
    here = select(AgendaItem.public_id).where(AgendaItem.id == Meeting.current_item_id)
    current = here.correlate(Meeting).scalar_subquery()
    aside = exists().where(
        CaseRecusal.case_id == DispositifRequest.case_id,
        CaseRecusal.user_id == actor.user_id,
        CaseRecusal.ended_at.is_(None),
    )
    row = (
        db.session()
        .execute(
            select(Meeting, current, Ballot.public_id, DispositifRequest.case_id, BallotVoter.id, aside, *tag_parts())
            .outerjoin(AgendaItem, AgendaItem.meeting_id == Meeting.id)
            .outerjoin(Ballot, and_(Ballot.item_id == AgendaItem.id, Ballot.status == BallotStatus.OPEN))
            .outerjoin(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
            .outerjoin(
                BallotVoter,
                and_(
                    BallotVoter.ballot_id == Ballot.id,
                    _is_for(actor),
                    ~aside,
                ),
            )
            .where(Meeting.cellule_id == actor.cellule_id, Meeting.public_id == public_id, is_seance())
            .order_by(Ballot.id.is_(None), BallotVoter.id.is_(None))
            .limit(1)
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    meeting, item, ballot, case_id, voter, is_aside, *parts = row
    mine = ballot if voter is not None else None
    state = MeetingState(tag_of(meeting, parts), meeting.status, item, ballot, mine)
    return OpenVote(state, case_id if ballot else None, bool(is_aside))


def ballot_state(actor: Actor, public_id: str) -> tuple[BallotState, int, bool]:
    """Return where a ballot stands, the case that it is about, and whether its opinion is recorded."""
    mine = _is_for(actor)
    newest = (
        select(Vote.seat_id, func.max(Vote.sequence).label("sequence"))
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .where(Ballot.public_id == public_id, Vote.round == Ballot.round)
        .group_by(Vote.seat_id)
        .subquery()
    )
    concluded = exists().where(CelluleOpinion.item_id == AgendaItem.id)
    rows = (
        db.session()
        .execute(
            select(
                Ballot,
                BallotVoter,
                Seat.public_id,
                mine,
                Vote.value,
                Vote.sequence,
                DispositifRequest.case_id,
                concluded,
            )
            .join(BallotVoter, BallotVoter.ballot_id == Ballot.id)
            .join(Seat, Seat.id == BallotVoter.seat_id)
            .join(AgendaItem, AgendaItem.id == Ballot.item_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
            .join(DispositifRequest.case)
            .outerjoin(newest, newest.c.seat_id == BallotVoter.seat_id)
            .outerjoin(
                Vote,
                and_(
                    Vote.ballot_id == Ballot.id,
                    Vote.seat_id == BallotVoter.seat_id,
                    Vote.sequence == newest.c.sequence,
                ),
            )
            .where(Ballot.cellule_id == actor.cellule_id, Ballot.public_id == public_id, known(actor))
            # While a written consultation lasts, nothing tells how many have answered.
            .where(is_seance())
            .order_by(BallotVoter.position)
        )
        .all()
    )
    if not rows:
        raise NotFound
    ballot, case_id, has_opinion = rows[0][0], rows[0][6], rows[0][7]
    # A partner reads its own seat only: its tag must not tell how the others stand.
    shown = rows if actor.is_core else [row for row in rows if row[3]]
    sat = took_part(ballot)
    seats = tuple(
        SeatState(
            seat,
            voter.seat_label,
            bool(value) or voter.seat_id in sat,
            value is VoteValue.RECUSED and voter.seat_id not in sat,
        )
        for _, voter, seat, _, value, *_ in shown
    )
    # Sequences only grow, so their sum changes with each answer; a secret one adds a participation.
    tag = f"{ballot.version}-{sum(row[5] or 0 for row in shown) + sum(row[1].seat_id in sat for row in shown)}"
    cast = sum(seat.answered for seat in seats)
    return BallotState(tag, ballot.status, cast, len(seats), seats), case_id, has_opinion


def _is_for(actor: Actor) -> ColumnElement[bool]:
    """Say that a seat of an electorate is the actor's: held, carried by proxy, or that of a suppléant."""
    instead = and_(BallotVoter.seat_id.in_(_held(actor)), BallotVoter.by_proxy.is_(False))
    return or_(BallotVoter.membership_id == actor.membership_id, instead)


def _held(actor: Actor) -> Select[int]:
    """The seats that the actor may hold today, as titulaire or suppléant."""
    day = clock.today()
    return select(SeatHolder.seat_id).where(
        SeatHolder.membership_id == actor.membership_id,
        SeatHolder.starts_on <= day,
        or_(SeatHolder.ends_on.is_(None), SeatHolder.ends_on >= day),
    )


def tag_of(meeting: Meeting, parts: Iterable[int]) -> str:
    """Return the tag of a séance from what `tag_parts` selected."""
    *seen, notes = parts
    return "-".join(str(part) for part in (meeting.version, *seen)) + f".{notes}"


def tag_parts() -> tuple[ScalarSelect[int], ...]:
    """Return what else the tag of a séance counts, as columns of a query over `Meeting`; the notes come last."""
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == Meeting.id).correlate(Meeting)
    ballots = select(Ballot.id).where(Ballot.item_id.in_(items)).correlate(Meeting)
    requests = select(AgendaItem.request_id).where(AgendaItem.meeting_id == Meeting.id).correlate(Meeting)
    cases = select(DispositifRequest.case_id).where(DispositifRequest.id.in_(requests)).correlate(Meeting)
    return (
        _sum(AgendaItem.version, AgendaItem.meeting_id == Meeting.id),
        _sum(AgendaPoint.version, AgendaPoint.meeting_id == Meeting.id),
        _sum(Attendance.version, Attendance.meeting_id == Meeting.id),
        _sum(Ballot.version, Ballot.item_id.in_(items)),
        _sum(Ballot.received, Ballot.item_id.in_(items)),
        _count(Vote.id, Vote.ballot_id.in_(ballots)),
        _count(CelluleOpinion.id, CelluleOpinion.item_id.in_(items)),
        _sum(Action.version, Action.item_id.in_(items)),
        _sum(DispositifRequest.version, DispositifRequest.id.in_(requests)),
        _sum(RequiredPiece.version, RequiredPiece.request_id.in_(requests)),
        _count(HumanAnswer.id, HumanAnswer.request_id.in_(requests)),
        _count(CaseRecusal.id, CaseRecusal.case_id.in_(cases)),
        _count(CaseRecusal.ended_at, CaseRecusal.case_id.in_(cases)),
        _sum(AgendaItem.note_version, AgendaItem.meeting_id == Meeting.id),
    )


def _sum(column: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.coalesce(func.sum(column), 0)).where(condition).correlate(Meeting).scalar_subquery()


def _count(column: InstrumentedAttribute[Any], condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(column)).where(condition).correlate(Meeting).scalar_subquery()
