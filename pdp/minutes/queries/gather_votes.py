"""The votes of one item, as they held when its ballot closed: by seat, voices apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from pdp.accounts.enums import Voice
from pdp.meetings.enums import VoteValue
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, Vote
from pdp.meetings.queries import Poll
from pdp.meetings.rules import CountedVote, tally
from pdp.minutes.facts import VoteFacts
from pdp.minutes.queries.load import LoadedMeeting

_QUORUM = "Quorum "
_ADVICE: dict[VoteValue, str] = {
    VoteValue.FOR: "favorable",
    VoteValue.FOR_WITH_CONDITIONS: "favorable sous réserve",
    VoteValue.AGAINST: "défavorable",
    VoteValue.ABSTAIN: "sans avis",
    VoteValue.RECUSED: "ne prend pas part",
}


@dataclass(frozen=True, slots=True)
class VotesOfItem:
    """What is printed of a ballot: the quorum, the votes by seat, the result in words."""

    quorum: str = ""
    deliberative: tuple[VoteFacts, ...] = ()
    consultative: tuple[VoteFacts, ...] = ()
    tally: str = ""


def gather_votes(loaded: LoadedMeeting, item: AgendaItem) -> VotesOfItem:
    """Return the votes of an item; without a ballot, only why the opinion is what it is."""
    explanation = item.opinion.explanation if item.opinion else ""
    ballot = item.ballot
    if ballot is None:
        return VotesOfItem(tally=explanation)
    held = _held(ballot)
    voters = sorted(ballot.voters, key=lambda voter: voter.position)
    counted = [CountedVote(voter.seat_id, voter.voice, _value(held, voter)) for voter in voters]
    result = tally(counted, chair_seat=ballot.chair_seat_id, casting_vote=loaded.rules.chair_casting_vote)
    return VotesOfItem(
        quorum=_capital(ballot.quorum_sentence.removeprefix(_QUORUM)),
        deliberative=tuple(
            _vote(loaded, held, voter, _name(held, voter)) for voter in voters if voter.voice is Voice.DELIBERATIVE
        ),
        consultative=tuple(
            _vote(loaded, held, voter, _advice(held, voter)) for voter in voters if voter.voice is Voice.CONSULTATIVE
        ),
        tally=explanation if result.sentence in explanation else f"{result.sentence} {explanation}".strip(),
    )


def _held(ballot: Ballot) -> Mapping[int, Vote]:
    """Return the vote that holds for each seat, as the séance counted it."""
    return Poll(ballot, ballot.voters, ballot.votes).holding


def _value(held: Mapping[int, Vote], voter: BallotVoter) -> VoteValue | None:
    vote = held.get(voter.seat_id)
    return vote.value if vote else None


def _name(held: Mapping[int, Vote], voter: BallotVoter) -> str:
    value = _value(held, voter)
    return value.label if value else "Absent"


def _advice(held: Mapping[int, Vote], voter: BallotVoter) -> str:
    value = _value(held, voter)
    return _ADVICE[value] if value else "ne s’est pas prononcé"


def _vote(loaded: LoadedMeeting, held: Mapping[int, Vote], voter: BallotVoter, words: str) -> VoteFacts:
    vote = held.get(voter.seat_id)
    organisation = loaded.seats[voter.seat_id].organisation_id
    seat = f"{voter.seat_label} (par pouvoir)" if voter.by_proxy else voter.seat_label
    return VoteFacts(seat, organisation, words, vote.text.strip() if vote else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
