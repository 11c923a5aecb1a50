"""The votes of one item, as they held when its ballot closed: by seat, voices apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from pdp.accounts.enums import BallotMode, Voice
from pdp.meetings.enums import BallotStatus, VoteChannel, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, Vote
from pdp.meetings.queries import Poll, count_votes
from pdp.minutes.facts import VoteFacts
from pdp.minutes.queries.load import LoadedMeeting
from pdp.minutes.words import sentence

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
    # As it was counted at the closing: what was corrected since is printed beside, and the opinion is that one's.
    explanation = item.opinion.first_explanation if item.opinion else ""
    ballot = item.ballot
    if ballot is None or ballot.status is not BallotStatus.CLOSED:
        # What was received before the closing, or before an oral debate was asked, is neither counted nor told.
        return VotesOfItem(tally=explanation)
    held = _held(ballot)
    voters = sorted(ballot.voters, key=lambda voter: voter.position)
    result = count_votes(Poll(ballot, voters, ballot.votes), loaded.rules)
    quorum = _capital(ballot.quorum_sentence.removeprefix(_QUORUM))
    said = explanation if result.sentence in explanation else f"{result.sentence} {explanation}".strip()
    if ballot.mode is not BallotMode.NAMED:
        # Nothing was said seat by seat, or nobody may ever know it.
        return VotesOfItem(quorum=quorum, tally=_told(ballot, said, result.consultative_sentence))
    return VotesOfItem(
        quorum=quorum,
        deliberative=tuple(
            _vote(loaded, held, voter, _name(ballot, held, voter))
            for voter in voters
            if voter.voice is Voice.DELIBERATIVE
        ),
        consultative=tuple(
            _vote(loaded, held, voter, _advice(ballot, held, voter))
            for voter in voters
            if voter.voice is Voice.CONSULTATIVE
        ),
        tally=_told(ballot, said),
    )


def _told(ballot: Ballot, said: str, consultative: str = "") -> str:
    """Return the result with what it must say of the ballot: how it was held, who asked for it, why it began again."""
    head = "Scrutin secret." if ballot.mode is BallotMode.SECRET else ""
    asked = ""
    if ballot.vote_asked_by and ballot.proposed:
        asked = f"Vote demandé par {ballot.vote_asked_by}, après une proposition d’avis conforme."
    again = [f"Scrutin repris : {sentence(reason)}" for reason in ballot.reset_reasons.splitlines()]
    return " ".join(filter(None, (head, said, consultative, asked, *again)))


def _held(ballot: Ballot) -> Mapping[int, Vote]:
    """Return the vote that holds for each seat, as the séance counted it."""
    return Poll(ballot, ballot.voters, ballot.votes).holding


def _value(held: Mapping[int, Vote], voter: BallotVoter) -> VoteValue | None:
    vote = held.get(voter.seat_id)
    return vote.value if vote else None


def _name(ballot: Ballot, held: Mapping[int, Vote], voter: BallotVoter) -> str:
    value = _value(held, voter)
    return f"{value.label}{_how(ballot, voter)}" if value else "Absent"


def _advice(ballot: Ballot, held: Mapping[int, Vote], voter: BallotVoter) -> str:
    value = _value(held, voter)
    return f"{_ADVICE[value]}{_how(ballot, voter)}" if value else "ne s’est pas prononcé"


def _how(ballot: Ballot, voter: BallotVoter) -> str:
    """Say of a written vote what its reader must know: given by phone, confirmed or not, or taken from silence."""
    given = sorted((vote for vote in ballot.votes if vote.seat_id == voter.seat_id), key=lambda vote: vote.sequence)
    if not given:
        return ""
    last, before = given[-1], given[-2] if len(given) > 1 else None
    if last.channel is VoteChannel.SILENCE:
        return " (réputé favorable, sans réponse)"
    if last.channel is VoteChannel.PHONE:
        return " (par téléphone, non confirmé)"
    same = before is not None and (before.value, before.text) == (last.value, last.text)
    return " (par téléphone, confirmé)" if before and same and before.channel is VoteChannel.PHONE else ""


def _vote(loaded: LoadedMeeting, held: Mapping[int, Vote], voter: BallotVoter, words: str) -> VoteFacts:
    vote = held.get(voter.seat_id)
    organisation = loaded.seats[voter.seat_id].organisation_id
    seat = f"{voter.seat_label} (par pouvoir)" if voter.by_proxy else voter.seat_label
    return VoteFacts(seat, organisation, words, vote.text.strip() if vote else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
