"""What the minutes print of each way of voting."""

from types import SimpleNamespace
from typing import Any, cast

from pdp.accounts.enums import BallotMode, OrganisationKind, Voice
from pdp.accounts.models import GovernanceRules
from pdp.meetings.enums import BallotStatus, OpinionCode, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, CelluleOpinion, Vote
from pdp.minutes.queries.gather_votes import VotesOfItem, gather_votes
from pdp.minutes.queries.load import LoadedMeeting

QUORUM = "Quorum atteint : 5 sièges délibératifs, il en faut 3."


def printed(votes: tuple[tuple[int, VoteValue, int], ...] = (), explanation: str = "", **ballot: Any) -> VotesOfItem:
    """Return what is printed of a closed ballot of five deliberative seats and a consultative one."""
    voters = [
        BallotVoter(
            seat_id=seat,
            membership_id=seat,
            seat_label=f"Siège {seat}",
            organisation_kind=OrganisationKind.CPAM,
            voice=Voice.DELIBERATIVE if seat < 6 else Voice.CONSULTATIVE,
            position=seat,
        )
        for seat in range(1, 7)
    ]
    given = [
        Vote(
            seat_id=seat,
            membership_id=seat,
            sequence=rank,
            round=rank,
            value=value,
            text="",
        )
        for seat, value, rank in votes
    ]
    values = {"round": 1, "vote_asked_by": "", "reset_reasons": "", "counts": "", "proposed": None} | ballot
    held = SimpleNamespace(
        status=BallotStatus.CLOSED, quorum_sentence=QUORUM, chair_seat_id=None, voters=voters, votes=given, turnout=[]
    )
    for name, value in values.items():
        setattr(held, name, value)
    item = SimpleNamespace(
        ballot=cast("Ballot", held), opinion=CelluleOpinion(code=OpinionCode.FAVOURABLE, explanation=explanation)
    )
    seats = {seat: SimpleNamespace(organisation_id=1) for seat in range(1, 7)}
    loaded = SimpleNamespace(rules=GovernanceRules(chair_casting_vote=True), seats=seats)
    return gather_votes(cast("LoadedMeeting", loaded), cast("AgendaItem", item))


def test_an_agreement_without_a_vote_prints_no_vote() -> None:
    found = printed(
        mode=BallotMode.CONSENSUS,
        proposed=OpinionCode.FAVOURABLE,
        explanation="Avis conforme, sans vote. Personne n’a demandé de vote sur l’avis proposé, « Favorable ».",
    )
    assert (found.deliberative, found.consultative) == ((), ())
    assert found.tally == ("Avis conforme, sans vote. Personne n’a demandé de vote sur l’avis proposé, « Favorable ».")
    assert found.quorum == "Atteint : 5 sièges délibératifs, il en faut 3."


def test_a_secret_ballot_prints_counts_only() -> None:
    found = printed(
        votes=((5, VoteValue.RECUSED, 1),),
        mode=BallotMode.SECRET,
        counts="0002 0001 0001 0001 0000 0000",
        explanation="2 pour ; 1 contre ; 1 abstention ; 1 déport. La majorité est acquise.",
    )
    assert (found.deliberative, found.consultative) == ((), ())
    assert found.tally == (
        "Scrutin secret. 2 pour ; 1 contre ; 1 abstention ; 1 déport. La majorité est acquise. "
        "Voix consultatives : 1 pour ; 0 contre."
    )


def test_a_vote_asked_for_and_a_reset_are_printed_with_the_votes_that_count() -> None:
    found = printed(
        votes=((1, VoteValue.AGAINST, 1), (1, VoteValue.FOR, 2), (2, VoteValue.FOR, 2)),
        mode=BallotMode.NAMED,
        round=2,
        proposed=OpinionCode.FAVOURABLE,
        vote_asked_by="Siège 2",
        reset_reasons="Question mal lue",
    )
    assert [vote.value for vote in found.deliberative] == ["Pour", "Pour", "Absent", "Absent", "Absent"]
    assert found.tally == (
        "2 pour ; 0 contre ; 3 sièges sans vote. La majorité est acquise. "
        "Vote demandé par Siège 2, après une proposition d’avis conforme. Scrutin repris : Question mal lue."
    )
