"""A restricted case in séance: behind closed doors, with its named readers only, votes and quorum right."""

from collections.abc import Callable

import pytest

from pdp import wiring
from pdp.cases import service as cases
from pdp.cases.enums import RestrictionReason
from pdp.cases.models import Case
from pdp.core import clock
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import BallotStatus, MeetingStatus, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, Meeting
from pdp.policy.actor import Actor
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
READERS = ("coordinateur", "service_medical", "cpam")
REFERENCE = "2026-0001"


def _restrict(world: World, actor: Actor, *people: str) -> None:
    with as_owner() as session:
        version = session.get_one(Case, world.case_id["a.alone"]).version
    cases.restrict_case(
        actor,
        world.case["a.alone"],
        reason=RestrictionReason.COLLEAGUE,
        people=[world.membership[f"a.{name}"] for name in people],
        version=version,
    )


def _versions(world: World) -> tuple[int, int]:
    """Close the ballot under way and return the versions of the restricted item and of its séance."""
    with as_owner() as session:
        ballot = session.query(Ballot).filter_by(public_id=world.ballot["a.shared"]).one()
        ballot.status = BallotStatus.CLOSED
        item = session.query(AgendaItem).filter_by(public_id=world.item["a.alone"]).one()
        meeting = session.query(Meeting).filter_by(public_id=world.meeting["a.open"]).one()
        return item.version, meeting.version


@pytest.fixture
def ballot(world: World, actor_of: ActorOf) -> str:
    """The restricted case put to the vote."""
    wiring.connect()
    _restrict(world, actor_of("a.service_social"), *READERS)
    version, _ = _versions(world)
    return service.open_ballot(actor_of("a.coordinateur"), world.item["a.alone"], version=version)


def test_everybody_else_of_the_core_reads_a_point_behind_closed_doors_and_nothing_else(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    _restrict(world, actor_of("a.service_social"), *READERS)
    path = f"/seances/{world.meeting['a.open']}"
    for name in ("manager", "service_social_2", "cpam_2", "service_medical_2"):
        client = sign_in_as(f"a.{name}")
        for page in (path, f"{path}/console", f"{path}/console?point={world.item['a.alone']}"):
            text = client.get(page).get_data(as_text=True)
            assert "Point à huis clos" in text, (name, page)
            assert REFERENCE not in text, (name, page)
            assert "NomAlone" not in text, (name, page)
            assert world.case["a.alone"] not in text, (name, page)
    for name in READERS:
        text = sign_in_as(f"a.{name}").get(path).get_data(as_text=True)
        assert "Point à huis clos" not in text
        assert REFERENCE in text


def test_the_room_reads_nothing_of_it_whoever_projects(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    _restrict(world, actor_of("a.service_social"), *READERS)
    service.select_item(actor_of("a.coordinateur"), world.item["a.alone"])
    text = sign_in_as("a.coordinateur").get(f"/seances/{world.meeting['a.open']}/projection").get_data(as_text=True)
    assert "Point à huis clos" in text
    assert REFERENCE not in text


def test_only_named_readers_vote_and_the_quorum_counts_the_others_as_absent(
    world: World, ballot: str, actor_of: ActorOf
) -> None:
    with as_owner() as session:
        found = session.query(Ballot).filter_by(public_id=ballot).one()
        seats = {row.seat_label for row in session.query(BallotVoter).filter_by(ballot_id=found.id)}
    assert seats == {"Service social, siège 2", "Service médical, siège 1", "CPAM, siège 1"}
    for name in ("manager", "cpam_2", "service_medical_2", "cap_emploi"):
        with pytest.raises(NotFound):
            service.my_ballot(actor_of(f"a.{name}"), ballot)
        with pytest.raises(NotFound):
            service.cast_vote(actor_of(f"a.{name}"), ballot, value=VoteValue.FOR)
        with pytest.raises(NotFound):
            service.ballot_state(actor_of(f"a.{name}"), ballot)
    for name in ("service_social", "service_medical", "cpam"):
        service.cast_vote(actor_of(f"a.{name}"), ballot, value=VoteValue.FOR)
    middle = service.read_console(actor_of("a.coordinateur"), world.meeting["a.open"], world.item["a.alone"]).current
    assert middle is not None
    assert middle.ballot is not None
    assert (middle.ballot.quorum_reached, middle.ballot.silent) == (True, ())
    assert len(middle.ballot.seats) == 3


def test_a_secretary_who_is_not_a_reader_touches_nothing_of_it(world: World, actor_of: ActorOf) -> None:
    # As when the only reader of the coordination has left the cellule.
    with as_owner() as session:
        session.get_one(Case, world.case_id["a.alone"]).restricted_on = clock.today()
    version, _ = _versions(world)
    actor, item = actor_of("a.coordinateur"), world.item["a.alone"]
    for act in (
        lambda: service.open_ballot(actor, item, version=version),
        lambda: service.select_item(actor, item),
        lambda: service.save_discussion(actor, item, base="", discussion="x"),
        lambda: service.remove_from_agenda(actor, item, version=version),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_restriction_that_leaves_nobody_to_run_the_point_is_refused_in_words(
    world: World, actor_of: ActorOf
) -> None:
    wiring.connect()
    with pytest.raises(RuleViolation, match="personne de la coordination"):
        _restrict(world, actor_of("a.service_social"), "cpam")
    _restrict(world, actor_of("a.service_social"), "cpam", "coordinateur")


def test_a_restricted_request_is_missing_from_the_backlog_of_a_secretary_who_is_no_reader(
    world: World, actor_of: ActorOf
) -> None:
    from pdp.meetings.service import worklists
    from pdp.requests.enums import RequestStatus
    from pdp.requests.models import DispositifRequest

    with as_owner() as session:
        session.query(AgendaItem).filter_by(public_id=world.item["a.alone"]).delete()
        asked = session.query(DispositifRequest).filter_by(public_id=world.request["a.alone"]).one()
        asked.status = RequestStatus.READY
        session.query(Meeting).filter_by(public_id=world.meeting["a.open"]).one().status = MeetingStatus.PLANNED
    actor = actor_of("a.coordinateur")
    assert worklists.list_backlog(actor).total == 1
    _restrict(world, actor_of("a.service_social"), "cpam")
    found = worklists.list_backlog(actor)
    assert (found.total, found.rows) == (0, ())
    with pytest.raises(NotFound):
        service.add_to_agenda(actor, world.meeting["a.open"], request=world.request["a.alone"])
