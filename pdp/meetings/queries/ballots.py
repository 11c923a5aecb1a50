"""A ballot as its reader may see it: before closing, nobody reads another seat's vote.

Two readings are open before that: one's own vote, and, for the coordinator, the votes typed there.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from pdp.accounts.enums import BallotMode
from pdp.accounts.models import GovernanceRules, Membership, Seat
from pdp.core import db
from pdp.meetings.enums import BallotStatus, VoteChannel, VoteValue
from pdp.meetings.models import Attendance, Ballot, BallotVoter, Vote
from pdp.meetings.queries.count import Poll, count_votes, quorum_of
from pdp.meetings.queries.rows import BallotSeat, BallotView
from pdp.meetings.queries.turnout import took_part
from pdp.meetings.rules.secret import FEW
from pdp.policy.actor import Actor
from pdp.policy.roles import Role


@dataclass(frozen=True, slots=True)
class PollPeople:
    """A ballot with who answered for each seat."""

    poll: Poll
    seats: dict[int, Seat]
    people: dict[int, Membership]


def load_poll_people(ballot: Ballot) -> PollPeople:
    """Return a ballot with electorate, answers, seats and people, in one statement."""
    rows = db.session().execute(
        select(BallotVoter, Vote, Seat, Membership)
        .join(Seat, Seat.id == BallotVoter.seat_id)
        .outerjoin(Vote, _of_the_round(ballot))
        .join(Membership, Membership.id.in_([BallotVoter.membership_id, Vote.membership_id]))
        .options(joinedload(Membership.user, innerjoin=True))
        .where(BallotVoter.ballot_id == ballot.id)
        .order_by(BallotVoter.position, Vote.sequence)
    )
    voters: dict[int, BallotVoter] = {}
    votes: dict[int, Vote] = {}
    seats: dict[int, Seat] = {}
    people: dict[int, Membership] = {}
    for voter, vote, seat, membership in rows:
        voters[voter.id], seats[seat.id], people[membership.id] = voter, seat, membership
        if vote is not None:
            votes[vote.id] = vote
    return PollPeople(Poll(ballot, tuple(voters.values()), tuple(votes.values())), seats, people)


def _of_the_round(ballot: Ballot) -> ColumnElement[bool]:
    return and_(
        Vote.ballot_id == BallotVoter.ballot_id, Vote.seat_id == BallotVoter.seat_id, Vote.round == ballot.round
    )


def ballot_view(
    actor: Actor, found: PollPeople, attendances: Sequence[Attendance], rules: GovernanceRules
) -> BallotView:
    """Return the ballot as a member of the core may see it at this moment."""
    poll, ballot = found.poll, found.poll.ballot
    holding = poll.holding
    open_votes = [vote for vote in holding.values() if may_read_vote(actor, ballot, vote)]
    # Nobody reads a secret count before the closing; what is agreed without a vote counts nothing.
    counted = ballot.status is BallotStatus.CLOSED or ballot.mode is BallotMode.NAMED
    whole = counted and len(open_votes) == len(holding)
    live = quorum_of(poll, attendances, rules) if ballot.status is BallotStatus.OPEN else None
    return BallotView(
        ballot=ballot.public_id,
        version=ballot.version,
        status=ballot.status,
        question=ballot.question,
        opened_at=ballot.opened_at,
        closed_at=ballot.closed_at,
        seats=tuple(_seat(actor, found, voter, holding.get(voter.seat_id)) for voter in poll.voters),
        silent=tuple(voter.seat_label for voter in poll.silent),
        quorum_reached=live.reached if live else bool(ballot.quorum_reached),
        quorum_sentence=live.sentence if live else ballot.quorum_sentence,
        tally=count_votes(poll, rules) if whole else None,
        mode=ballot.mode,
        proposed=ballot.proposed,
        vote_asked_by=ballot.vote_asked_by,
        resets=tuple(ballot.reset_reasons.splitlines()),
        few=ballot.mode is BallotMode.SECRET and _few_in_a_voice(poll),
    )


def _few_in_a_voice(poll: Poll) -> bool:
    """Tell whether the figures, which are told voice by voice, would say what each person voted."""
    return min(Counter(voter.voice for voter in poll.voters).values(), default=0) < FEW


def may_read_vote(actor: Actor, ballot: Ballot, vote: Vote) -> bool:
    """Tell whether the reader may know this answer. A déport is a fact of presence, known to all."""
    if vote.membership_id == actor.membership_id or vote.value is VoteValue.RECUSED:
        return True
    if not actor.is_core:
        return False
    if vote.channel is VoteChannel.PHONE and vote.cast_by_id == actor.user_id and ballot.status is BallotStatus.OPEN:
        return True
    typed_here = vote.channel is VoteChannel.TYPED and actor.role is Role.COORDINATEUR
    return ballot.status is BallotStatus.CLOSED or typed_here


def _seat(actor: Actor, found: PollPeople, voter: BallotVoter, vote: Vote | None) -> BallotSeat:
    readable = vote is not None and may_read_vote(actor, found.poll.ballot, vote)
    sat = took_part(found.poll.ballot)
    secret = voter.seat_id in sat
    person = found.people[vote.membership_id if vote else voter.membership_id].user
    return BallotSeat(
        seat=found.seats[voter.seat_id].public_id,
        label=voter.seat_label,
        kind=voter.organisation_kind,
        voice=voter.voice,
        person=person.full_name,
        job_title=person.job_title,
        answered=vote is not None or secret,
        recused=not secret and vote is not None and vote.value is VoteValue.RECUSED,
        value=vote.value if vote and readable and not secret else None,
        text=vote.text if vote and readable else "",
        channel=VoteChannel.OWN_DEVICE if secret else (vote.channel if vote else None),
        sequence=vote.sequence if vote else None,
    )
