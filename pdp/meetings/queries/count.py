"""From stored rows to what the rules count: votes that hold, presence at one case, quorum and tally."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pdp.accounts.enums import BallotMode
from pdp.accounts.models import GovernanceRules
from pdp.meetings.enums import AttendanceState, OpinionCode, VoteValue
from pdp.meetings.models import Attendance, Ballot, BallotVoter, Vote
from pdp.meetings.queries.find import list_voters, list_votes
from pdp.meetings.queries.turnout import took_part
from pdp.meetings.rules.quorum import Quorum, QuorumRule, SeatPresence, quorum
from pdp.meetings.rules.tally import CountedVote, Tally, tally, tally_agreed, tally_secret


@dataclass(frozen=True, slots=True)
class Poll:
    """A ballot as counted: its frozen electorate and every answer given so far."""

    ballot: Ballot
    voters: Sequence[BallotVoter]
    votes: Sequence[Vote]

    @property
    def holding(self) -> Mapping[int, Vote]:
        """The answer that holds for each seat: the one of the highest sequence. A reset begins again without any."""
        newest: dict[int, Vote] = {}
        for vote in self.votes:
            if vote.round != self.ballot.round:
                continue
            if vote.seat_id not in newest or vote.sequence > newest[vote.seat_id].sequence:
                newest[vote.seat_id] = vote
        return {seat: vote for seat, vote in newest.items() if seat not in self.fallen}

    @property
    def silent(self) -> Sequence[BallotVoter]:
        """The seats that have not answered, in their order."""
        answered = self.answered
        return [voter for voter in self.voters if voter.seat_id not in answered]

    @property
    def answered(self) -> frozenset[int]:
        """The seats that have answered: what, a secret ballot does not say."""
        return frozenset(self.holding) | frozenset(took_part(self.ballot))

    @property
    def fallen(self) -> frozenset[int]:
        """The represented seats whose proxy fell: who carries it takes no part in the case."""
        recused = self.recused
        return frozenset(voter.seat_id for voter in self.voters if voter.by_proxy and voter.membership_id in recused)

    @property
    def recused(self) -> frozenset[int]:
        """The people whose last word, for their own seat, is that they take no part."""
        proxies = {voter.seat_id for voter in self.voters if voter.by_proxy}
        last: dict[int, Vote] = {}
        for vote in sorted(self.votes, key=lambda vote: (vote.seat_id, vote.sequence)):
            if vote.round != self.ballot.round or vote.seat_id in proxies:
                continue
            last[vote.membership_id] = vote
        return frozenset(person for person, vote in last.items() if vote.value is VoteValue.RECUSED)


def load_poll(ballot: Ballot) -> Poll:
    """Return a ballot with its electorate and its answers."""
    return Poll(ballot, list_voters(ballot.id), list_votes(ballot.id))


def corrected(poll: Poll, values: Mapping[int, VoteValue | None]) -> Poll:
    """Return the ballot as it should have been counted: other answers for some seats, none where the value is None.

    Nothing is stored: who answered for a seat stays the same person.
    """
    holding = poll.holding
    gone = {seat for seat, value in values.items() if value is None}
    kept = [vote for vote in poll.votes if vote.seat_id not in gone]
    last = max((vote.sequence for vote in poll.votes), default=0) + 1
    added = [
        Vote(
            seat_id=voter.seat_id,
            membership_id=holding[voter.seat_id].membership_id if voter.seat_id in holding else voter.membership_id,
            sequence=last,
            round=poll.ballot.round,
            value=value,
        )
        for voter in poll.voters
        if (value := values.get(voter.seat_id)) is not None
    ]
    return Poll(poll.ballot, poll.voters, [*kept, *added])


def count_votes(poll: Poll, rules: GovernanceRules) -> Tally:
    """Count the ballot with the chair and the casting vote that it was opened under.

    The counters of a secret ballot are read once it is closed, and only then.
    """
    if poll.ballot.mode is BallotMode.CONSENSUS and poll.ballot.proposed is not None:
        return tally_agreed(poll.ballot.proposed)
    if poll.ballot.mode is BallotMode.SECRET:
        return _count_secret(poll)
    holding = poll.holding
    counted = [
        CountedVote(voter.seat_id, voter.voice, holding[voter.seat_id].value if voter.seat_id in holding else None)
        for voter in poll.voters
    ]
    return tally(counted, chair_seat=poll.ballot.chair_seat_id, casting_vote=rules.chair_casting_vote)


def agreed(ballot: Ballot) -> OpinionCode | None:
    """Return what was proposed without a vote, while nobody asked for one."""
    return ballot.proposed if ballot.mode is BallotMode.CONSENSUS else None


def _count_secret(poll: Poll) -> Tally:
    recused = {seat for seat, vote in poll.holding.items() if vote.value is VoteValue.RECUSED}
    recused -= set(took_part(poll.ballot))
    return tally_secret(
        poll.ballot.counts,
        recused=Counter(voter.voice for voter in poll.voters if voter.seat_id in recused),
        seats=Counter(voter.voice for voter in poll.voters),
    )


def quorum_now(
    attendances: Iterable[Attendance], rules: GovernanceRules, recused_users: Collection[int] = ()
) -> Quorum:
    """Judge the quorum outside any ballot: those who sit and have not left, and take part in the case."""
    rows = list(attendances)
    seats = [_presence(row, row.membership_id if is_sitting(row) else None) for row in rows]
    recused = {row.membership_id for row in rows if row.membership and row.membership.user_id in recused_users}
    return quorum(quorum_rule(rules), seats, {person for person in recused if person is not None})


def quorum_of(
    poll: Poll, attendances: Iterable[Attendance], rules: GovernanceRules, *, closing: bool = False
) -> Quorum:
    """Judge the quorum for the case put to the vote.

    Only the frozen electorate counts. When the ballot closes, a seat that did not answer counts as
    absent; a person who answered, then left, counts.
    """
    voters = {voter.seat_id: voter for voter in poll.voters}
    carriers = {voter.membership_id: voter.seat_id for voter in poll.voters if not voter.by_proxy}
    answering, sat = poll.answered, took_part(poll.ballot)
    seats = []
    for row in attendances:
        voter = voters.get(row.seat_id)
        if voter is None or voter.by_proxy:
            counts = voter is not None and (row.seat_id in answering or (not closing and _is_represented(row)))
            seats.append(_proxy(row, carriers.get(voter.membership_id) if voter and counts else None))
            continue
        answered = row.seat_id in answering
        same = voter.membership_id == row.membership_id
        takes_part = answered or (not closing and is_sitting(row) and same)
        substitutes = {vote.membership_id for vote in poll.votes if vote.seat_id == row.seat_id}
        substitutes |= {sat[row.seat_id]} if row.seat_id in sat else set()
        # A proxy given since the opening is none of this ballot: its seat is absent until its own person answers.
        seats.append(_presence(row, voter.membership_id, substitutes) if takes_part else _proxy(row, None))
    return quorum(quorum_rule(rules), seats, poll.recused)


def is_sitting(row: Attendance) -> bool:
    """Tell whether a person sits in the seat at this moment."""
    return row.state is AttendanceState.PRESENT and row.left_at is None and row.membership_id is not None


def _is_represented(row: Attendance) -> bool:
    return row.state is AttendanceState.REPRESENTED


def _proxy(row: Attendance, carrier: int | None) -> SeatPresence:
    """Return a seat that nobody holds for the case: represented by the seat of `carrier`, else absent."""
    state = AttendanceState.ABSENT if carrier is None else AttendanceState.REPRESENTED
    return SeatPresence(row.seat_id, row.seat.organisation.kind, row.seat.voice, state, proxy_seat=carrier)


def _presence(row: Attendance, person: int | None, substitutes: Iterable[int] = ()) -> SeatPresence:
    represented = row.state is AttendanceState.REPRESENTED
    gone = AttendanceState.REPRESENTED if represented else AttendanceState.ABSENT
    return SeatPresence(
        seat=row.seat_id,
        service=row.seat.organisation.kind,
        voice=row.seat.voice,
        state=gone if person is None else AttendanceState.PRESENT,
        person=person,
        substitutes=tuple(other for other in substitutes if other != person),
        proxy_seat=row.proxy_seat_id if represented else None,
    )


def quorum_rule(rules: GovernanceRules) -> QuorumRule:
    """Return what the rules of a cellule say of its quorum."""
    return QuorumRule(rules.quorum_percent, rules.quorum_each_service, rules.proxies_per_holder)
