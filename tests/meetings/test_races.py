"""Two people at the same act, on real separate connections: one holds, the others are told so."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from pdp.cases import service as cases
from pdp.cases.enums import SignalSource
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.db import Database
from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import DecisionOutcome, MeetingStatus, OpinionCode
from pdp.meetings.models import AgendaItem, CelluleOpinion, FundDecision, Meeting
from pdp.meetings.service import ordering
from pdp.minutes import service as minutes
from pdp.policy.actor import Actor
from tests.meetings.builders import build_meeting, build_request
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
PEOPLE = 6


@pytest.fixture
def wide(database: Database) -> Iterator[Database]:
    """The test's database with one real connection for each person."""
    own = Database(database.url, pool_size=PEOPLE, max_overflow=0)
    yield db.bind(own)
    own.engine.dispose()


def at_once(*acts: Callable[[], Any]) -> tuple[list[Any], list[Exception]]:
    """Start every act together; return what those done gave, and the refusals of the others."""
    given: list[Any] = []
    refused: list[Exception] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            given.append(act())
        except (Conflict, RuleViolation) as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) + len(refused) == len(acts), "an act crashed"
    return given, refused


def stored(column: Any, *conditions: Any) -> list[Any]:
    with as_owner() as session:
        return list(session.scalars(select(column).where(*conditions)).all())


def test_requests_tabled_at_once_each_get_their_own_rank(wide: Database, world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 0, status=MeetingStatus.PLANNED)
    asked = [build_request(world) for _ in range(PEOPLE)]
    acts = [lambda each=each: service.add_to_agenda(secretary, seance.meeting, request=each) for each in asked]
    given, refused = at_once(*acts)
    ranks = stored(AgendaItem.position, Meeting.public_id == seance.meeting, Meeting.id == AgendaItem.meeting_id)
    assert (len(given), refused, sorted(ranks)) == (PEOPLE, [], [1, 2, 3, 4, 5, 6])


def test_requests_that_cross_between_two_seances_both_arrive(wide: Database, world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seances = [build_meeting(world, 3, status=status) for status in (MeetingStatus.PLANNED, MeetingStatus.OPEN)]
    acts = [
        lambda item=item, other=other: ordering.send_elsewhere(secretary, item, version=1, meeting=other.meeting)
        for here, other in (seances, reversed(seances))
        for item in here.items
    ]
    given, refused = at_once(*acts)
    assert (len(given), refused) == (PEOPLE, [])
    # Those that arrive in the open séance were added in session.
    for seance, added in zip(seances, (False, True), strict=True):
        here = (Meeting.public_id == seance.meeting, Meeting.id == AgendaItem.meeting_id)
        assert sorted(stored(AgendaItem.position, *here)) == [1, 2, 3]
        assert stored(AgendaItem.added_in_session, *here) == [added] * 3


def test_an_opinion_is_recorded_once(wide: Database, world: World, actor_of: ActorOf) -> None:
    secretary, seance = actor_of("a.coordinateur"), build_meeting(world)
    before = len(stored(CelluleOpinion.id))

    def act() -> str:
        return service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.ADJOURNED)

    given, refused = at_once(*[act] * PEOPLE)
    assert (len(given), len(refused)) == (1, PEOPLE - 1)
    assert len(stored(CelluleOpinion.id)) == before + 1


def test_a_decision_is_recorded_once_and_minutes_have_one_number(
    wide: Database, world: World, actor_of: ActorOf
) -> None:
    secretary, cpam = actor_of("a.coordinateur"), actor_of("a.cpam")
    seance = build_meeting(world, ballots=True, votes=8)
    service.close_ballot(secretary, seance.ballots[0], version=1)
    service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.FAVOURABLE)

    def decide() -> str:
        return service.record_decision(
            cpam, seance.requests[0], outcome=DecisionOutcome.GRANTED, decided_on=clock.today()
        )

    given, refused = at_once(*[decide] * PEOPLE)
    assert (len(given), len(refused)) == (1, PEOPLE - 1)
    assert len(stored(FundDecision.id, FundDecision.public_id == given[0])) == 1
    service.close_meeting(secretary, seance.meeting, version=2)
    composed, refused = at_once(*[lambda: minutes.compose_minutes(secretary, seance.meeting)] * 3)
    assert refused == []
    assert sorted(each.created for each in composed) == [False, False, True]
    assert len({each.reference for each in composed}) == 1


def test_cases_opened_at_once_each_get_their_own_reference(wide: Database, world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")

    def open_one() -> str:
        return cases.open_case(
            actor, family_name="Essai", given_name="Camille", birth_date=date(1980, 2, 3), source=SignalSource.SELF
        )

    given, refused = at_once(*[open_one] * PEOPLE)
    references = stored(Case.reference, Case.public_id.in_(given))
    assert (refused, len(set(references))) == ([], PEOPLE)
