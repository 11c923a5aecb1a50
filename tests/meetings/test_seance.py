"""A whole séance through the services, from its planning to the decision."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from pdp.accounts.enums import OrganisationKind
from pdp.accounts.models import Organisation
from pdp.audit.models import AuditEntry
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import (
    ActionState,
    AttendanceMode,
    AttendanceState,
    DecisionOutcome,
    MeetingStatus,
    OpinionCode,
    VoteValue,
)
from pdp.meetings.models import Action, AgendaItem, Attendance, FundDecision
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.meetings.builders import build_meeting, build_request, results, rule
from tests.support.world import World

ActorOf = Callable[[str], Actor]
CORE = ("ss1", "ss2", "sm1", "sm2", "cp1", "cp2")


def status_of(request: str) -> RequestStatus:
    with db.reading() as session:
        return session.scalars(select(DispositifRequest.status).where(DispositifRequest.public_id == request)).one()


def version_of(seat: str, actor: Actor, meeting: str) -> int:
    return next(row.version for row in service.read_console(actor, meeting).seats if row.seat == seat)


def sit(world: World, actor: Actor, meeting: str, *seats: str, **changes: object) -> None:
    for seat in seats:
        public_id = world.seat[f"a.{seat}"]
        values = {"state": AttendanceState.PRESENT} | changes
        service.set_attendance(actor, meeting, seat=public_id, version=version_of(public_id, actor, meeting), **values)


def plan(actor: Actor) -> str:
    day = clock.today()
    return service.plan_meeting(actor, day=day, start=time(14), end=time(16, 30), place="Salle 2")


def test_a_seance_is_held_from_its_planning_to_the_decision(world: World, actor_of: ActorOf) -> None:
    secretary, cpam = actor_of("a.coordinateur"), actor_of("a.cpam")
    first, second = build_request(world), build_request(world, "a.alone", RequestStatus.ADJOURNED)
    meeting = plan(secretary)
    item = service.add_to_agenda(secretary, meeting, request=first)
    service.add_to_agenda(secretary, meeting, request=second, planned_minutes=5)
    assert status_of(first) is RequestStatus.SCHEDULED

    console = service.read_console(secretary, meeting)
    service.open_meeting(secretary, meeting, version=console.meeting.version)
    sit(world, secretary, meeting, *CORE, "cap")
    service.select_item(secretary, item)
    version = service.read_console(secretary, meeting).meeting.version
    service.set_chair(secretary, meeting, version=version, seat=world.seat["a.ss1"])

    console = service.read_console(secretary, meeting)
    assert console.current is not None
    assert console.current.row.item == item
    assert (console.current.rank, console.current.total) == (1, 2)
    assert console.quorum is not None
    assert console.quorum.reached
    assert console.meeting.chair_label == "Service social, siège 1"
    ballot = service.open_ballot(secretary, item, version=console.current.row.version)
    for name in ("cpam", "cap_emploi"):
        service.cast_vote(actor_of(f"a.{name}"), ballot, value=VoteValue.FOR)
    assert service.type_all_for(secretary, ballot) == 5
    service.type_vote(
        secretary,
        ballot,
        seat=world.seat["a.sm1"],
        value=VoteValue.FOR_WITH_CONDITIONS,
        text="Un entretien d’abord.",
        replaces=1,
    )
    closed = service.close_ballot(secretary, ballot, version=1)
    assert closed.tally.sentence == "6 pour, dont 1 sous conditions\u00a0; 0 contre. La majorité est acquise."


def test_planning_refuses_an_end_before_its_start_and_a_past_day(world: World, actor_of: ActorOf) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(InvalidInput) as refused:
        service.plan_meeting(actor_of("a.coordinateur"), day=yesterday, start=time(16), end=time(14), place="Salle")
    assert refused.value.errors == {
        "end": ["La fin doit venir après le début."],
        "day": ["Cette date est passée\u00a0: choisissez une date à venir."],
    }
