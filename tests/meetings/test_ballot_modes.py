"""Ways of voting: agreement without a vote, secret ballot, reset, alternatives."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pdp.accounts.enums import BallotMode
from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import AttendanceState, BallotStatus, OpinionCode, VoteValue
from pdp.meetings.models import Ballot, Vote
from pdp.meetings.queries import BallotView
from pdp.policy.actor import Actor
from pdp.requests import service as requests
from tests.meetings.builders import RULE, Seance, build_meeting, results, rule
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
FOR, CONDITIONS, AGAINST, ABSTAIN, RECUSED = VoteValue
VOTERS = ("service_social", "service_medical", "cpam", "cpam_2", "cap_emploi")


def opened(actor: Actor, seance: Seance, number: int = 0, **how: object) -> str:
    """Open the ballot of an item as its page shows it."""
    current = service.read_console(actor, seance.meeting, seance.items[number]).current
    assert current is not None
    return service.open_ballot(actor, seance.items[number], version=current.row.version, **how)  # type: ignore[arg-type]


def view(actor: Actor, seance: Seance, number: int = 0) -> BallotView:
    current = service.read_console(actor, seance.meeting, seance.items[number]).current
    assert current is not None
    assert current.ballot is not None
    return current.ballot


def close(actor: Actor, seance: Seance, ballot: str, number: int = 0) -> service.ClosedBallot:
    return service.close_ballot(actor, ballot, version=view(actor, seance, number).version, confirm_missing=True)


def opine(actor: Actor, seance: Seance, code: OpinionCode, number: int = 0, **texts: str) -> None:
    current = service.read_console(actor, seance.meeting, seance.items[number]).current
    assert current is not None
    service.record_opinion(actor, seance.items[number], version=current.row.version, code=code, **texts)


def stored(ballot: str) -> Ballot:
    with as_owner() as session:
        return session.scalars(select(Ballot).where(Ballot.public_id == ballot)).one()


@pytest.fixture
def seance(world: World) -> Seance:
    return build_meeting(world)


@pytest.fixture
def secretary(actor_of: ActorOf) -> Actor:
    return actor_of("a.coordinateur")


def test_a_proposal_that_nobody_contests_is_the_opinion_without_a_vote(seance: Seance, secretary: Actor) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
    closed = service.close_ballot(secretary, ballot, version=1)
    assert closed.quorum.reached
    assert closed.proposal.allowed == (OpinionCode.FAVOURABLE,)
    assert closed.tally.sentence.startswith("Avis conforme, sans vote.")
    opine(secretary, seance, OpinionCode.FAVOURABLE)
    with as_owner() as session:
        assert session.scalars(select(Vote)).all() == []


def test_one_request_turns_an_agreement_into_a_named_vote_and_says_whose(
    seance: Seance, secretary: Actor, actor_of: ActorOf
) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
    with pytest.raises(RuleViolation, match="Demandez d’abord un vote"):
        service.cast_vote(actor_of("a.cpam"), ballot, value=AGAINST, text="Trop long.")
    service.ask_for_vote(actor_of("a.cpam"), ballot)
    found = view(secretary, seance)
    assert (found.mode, found.proposed, found.vote_asked_by) == (
        BallotMode.NAMED,
        OpinionCode.FAVOURABLE,
        "CPAM, siège 1",
    )
    with pytest.raises(RuleViolation, match="déjà mis aux voix"):
        service.ask_for_vote(actor_of("a.cpam_2"), ballot)
    service.cast_vote(actor_of("a.cpam"), ballot, value=AGAINST, text="Trop long.")
    service.type_all_for(secretary, ballot)
    assert close(secretary, seance, ballot).tally.deliberative.against == 1


def test_only_who_sits_asks_for_a_vote(seance: Seance, secretary: Actor, actor_of: ActorOf, world: World) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
    with pytest.raises(RuleViolation, match="Vous ne faites pas partie des votants"):
        service.ask_for_vote(actor_of("a.service_social_2"), ballot)
    service.ask_for_vote(secretary, ballot, seat=world.seat["a.sm1"])
    assert view(secretary, seance).vote_asked_by == "Service médical, siège 1"


def test_what_no_vote_could_give_is_not_proposed_without_one(world: World, secretary: Actor) -> None:
    seance = build_meeting(world)
    for proposed in (None, OpinionCode.ADJOURNED):
        with pytest.raises(InvalidInput) as refused:
            opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=proposed)
        assert list(refused.value.errors) == ["proposed"]
    assert service.meeting_state(secretary, seance.meeting).open_ballot is None
