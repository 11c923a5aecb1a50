"""One's own place in a ballot: one's seat, one's answer, and the result that one may know once closed."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.accounts.enums import BallotMode
from pdp.accounts.models import Seat
from pdp.accounts.queries import governance
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings.enums import BallotStatus, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, Meeting, Vote
from pdp.meetings.queries.access import known
from pdp.meetings.queries.backlog import groups_of
from pdp.meetings.queries.count import Poll, count_votes, load_poll
from pdp.meetings.queries.find import HeldBallot, list_votes
from pdp.meetings.queries.rows import CarriedSeat, MyBallot, SeatAnswer
from pdp.meetings.queries.turnout import took_part
from pdp.meetings.rules.tally import Tally
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest


@dataclass(frozen=True, slots=True)
class BallotContext:
    """A ballot with its item, séance and case, and the length of the agenda."""

    held: HeldBallot
    item: AgendaItem
    meeting: Meeting
    case: Case
    total: int


def get_ballot(actor: Actor, public_id: str) -> BallotContext:
    """Return a ballot of the actor's cellule with what its page says of it. The case's rights come apart."""
    total = (
        select(func.count(AgendaItem.id))
        .where(AgendaItem.meeting_id == Meeting.id)
        .correlate(Meeting)
        .scalar_subquery()
    )
    case = contains_eager(AgendaItem.request).contains_eager(DispositifRequest.case)
    row = (
        db.session()
        .execute(
            select(Ballot, AgendaItem, Meeting, total)
            .join(AgendaItem, AgendaItem.id == Ballot.item_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .join(AgendaItem.request)
            .join(DispositifRequest.case)
            .options(
                case.joinedload(Case.person, innerjoin=True),
                case.joinedload(Case.activities),
                joinedload(AgendaItem.opinion),
            )
            .where(Ballot.cellule_id == actor.cellule_id, Ballot.public_id == public_id, known(actor))
        )
        .unique()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    ballot, item, meeting, count = row
    held = HeldBallot(ballot, item.id, meeting.id, item.request_id, item.request.case_id)
    return BallotContext(held, item, meeting, item.request.case, count)


def my_ballot(actor: Actor, found: BallotContext, voter: BallotVoter, readable: Collection[Label]) -> MyBallot:
    """Return the actor's place in a ballot, through the seat of `voter`."""
    ballot, case = found.held.ballot, found.case
    closed = ballot.status is BallotStatus.CLOSED
    given = list_votes(ballot.id, voter.seat_id)
    last = given[-1] if given else None
    own = last if last and last.membership_id == actor.membership_id else None
    as_suppleant = voter.membership_id != actor.membership_id
    free = last is not None and last.value is VoteValue.RECUSED if as_suppleant else last is None
    sat = took_part(ballot).get(voter.seat_id)
    poll = load_poll(ballot) if closed and actor.is_core else None
    carried = carried_seats(ballot, actor.membership_id)
    opinion = found.item.opinion if Label.OPINION in readable else None
    return MyBallot(
        ballot=ballot.public_id,
        meeting=found.meeting.public_id,
        meeting_starts_at=found.meeting.starts_at,
        # Ranks would tell a partner how many other cases are tabled.
        rank=found.item.position if actor.is_core else None,
        total=found.total if actor.is_core else None,
        status=ballot.status,
        question=ballot.question,
        reference=case.reference,
        initials=case.person.initials if Label.IDENTITY in readable else "",
        groups=groups_of(case) if Label.EMPLOYMENT in readable else (),
        case=case.public_id,
        request=found.item.request.public_id,
        seat_label=voter.seat_label,
        voice=voter.voice,
        as_suppleant=as_suppleant,
        may_vote=not closed and sat is None and (own is not None or free),
        value=own.value if own else None,
        text=own.text if own else "",
        channel=own.channel if own else None,
        cast_at=own.cast_at if own else None,
        sequence=own.sequence if own else None,
        closed_at=ballot.closed_at,
        quorum_sentence=ballot.quorum_sentence if actor.is_core else "",
        tally=_tally(found, poll) if poll else None,
        answers=_answers(poll, voter.seat_id) if poll else (),
        opinion=opinion.code if opinion else None,
        conditions=opinion.conditions if opinion else "",
        mode=ballot.mode,
        proposed=ballot.proposed if actor.is_core or not closed else None,
        vote_asked_by=ballot.vote_asked_by if actor.is_core else "",
        took_part=sat == actor.membership_id,
        carried=carried,
        proxy_seat=next((one.seat for one in carried if one.label == voter.seat_label), "") if voter.by_proxy else "",
    )


def carried_seats(ballot: Ballot, membership_id: int) -> tuple[CarriedSeat, ...]:
    """Return the represented seats that a person answers for in a ballot, in their order; one statement."""
    answered = exists().where(
        Vote.ballot_id == ballot.id, Vote.seat_id == BallotVoter.seat_id, Vote.round == ballot.round
    )
    rows = db.session().execute(
        select(BallotVoter, Seat.public_id, answered)
        .join(Seat, Seat.id == BallotVoter.seat_id)
        .where(BallotVoter.ballot_id == ballot.id, BallotVoter.membership_id == membership_id, BallotVoter.by_proxy)
        .order_by(BallotVoter.position)
    )
    sat = took_part(ballot)
    return tuple(CarriedSeat(seat, voter.seat_label, given or voter.seat_id in sat) for voter, seat, given in rows)


def _tally(found: BallotContext, poll: Poll) -> Tally:
    day = clock.local(found.meeting.opened_at or found.meeting.starts_at).date()
    return count_votes(poll, governance(found.meeting.cellule_id, day))


def _answers(poll: Poll, own_seat: int) -> tuple[SeatAnswer, ...]:
    if poll.ballot.mode is not BallotMode.NAMED:
        return ()
    holding = poll.holding
    return tuple(
        SeatAnswer(
            voter.seat_label,
            voter.voice,
            holding[voter.seat_id].value if voter.seat_id in holding else None,
            voter.seat_id == own_seat,
        )
        for voter in poll.voters
    )
