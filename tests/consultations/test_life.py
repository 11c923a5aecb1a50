"""A written consultation from its opening to the opinion, under a moved clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from pdp.consultations import service
from pdp.consultations.enums import Phase
from pdp.core import clock
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import service as seances
from pdp.meetings.enums import MeetingStatus, OpinionCode, VoteValue
from pdp.meetings.models import Meeting
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from tests.consultations.builders import consult, version_of
from tests.consultations.life import END, OPENING, end_of, opened, plain, told, vote
from tests.meetings.builders import build_meeting
from tests.meetings.test_seance import status_of
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def test_a_consultation_goes_from_opening_to_opinion(world: World, actor_of: ActorOf, secretary: Actor) -> None:
    consulted = opened(world, secretary)
    ballot, item = consulted.ballots[0], consulted.items[0]
    assert status_of(consulted.requests[0]) is RequestStatus.SCHEDULED
    assert told(NoticeKind.CONSULTATION_OPENED) == {"manager", "service_social", "service_medical"} | {
        "service_medical_2",
        "cpam",
        "cpam_2",
    }
    with time_machine.travel(OPENING + timedelta(days=1), tick=False):
        for name in ("manager", "service_medical", "cpam"):
            vote(actor_of(f"a.{name}"), ballot)
        vote(actor_of("a.cpam_2"), ballot, VoteValue.AGAINST, "Trop tôt.")
        vote(actor_of("a.cpam_2"), ballot, VoteValue.ABSTAIN, replaces=1)
    end_of(consulted)
    with time_machine.travel(END + timedelta(hours=15), tick=False):
        page = service.read_question(secretary, consulted.public_id, ballot)
        assert page.view.phase is Phase.ENDED
        assert page.ballot is not None
        assert page.ballot.tally is not None
        assert page.proposal is not None
        # Six deliberative seats, three needed: four answered, one of each service.
        assert plain(page.ballot.quorum_sentence) == (
            "Quorum atteint : 4 sièges délibératifs, il en faut 3, et les trois services siègent."
        )
        assert plain(page.ballot.tally.deliberative.words) == "3 pour ; 0 contre ; 1 abstention ; 2 sièges sans vote"
        assert page.proposal.code is OpinionCode.FAVOURABLE
        with pytest.raises(RuleViolation, match="L’avis sur la question 1 n’est pas enregistré"):
            service.finish(secretary, consulted.public_id, version=version_of(consulted.public_id))
        seances.record_opinion(secretary, item, version=page.row.version, code=OpinionCode.FAVOURABLE)
        service.finish(secretary, consulted.public_id, version=version_of(consulted.public_id))
    assert status_of(consulted.requests[0]) is RequestStatus.OPINION_GIVEN
    assert service.read_consultation(secretary, consulted.public_id).view.phase is Phase.CLOSED


def test_séances_know_nothing_of_consultations(world: World, actor_of: ActorOf, secretary: Actor) -> None:
    before = len(seances.list_meetings(secretary).rows)
    consulted = opened(world, secretary)
    with time_machine.travel(OPENING, tick=False):
        assert len(seances.list_meetings(secretary).rows) == before
        for read in (seances.read_meeting, seances.read_console, seances.meeting_state, seances.read_room):
            with pytest.raises(NotFound):
                read(secretary, consulted.public_id)
        with pytest.raises(NotFound):
            seances.ballot_state(secretary, consulted.ballots[0])
        with pytest.raises(NotFound):
            seances.close_meeting(secretary, consulted.public_id, version=1)
        with pytest.raises(NotFound):
            seances.remove_from_agenda(secretary, consulted.items[0], version=1)
    with as_owner() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.public_id == consulted.public_id)).one()
    assert meeting.status is MeetingStatus.OPEN
    held = build_meeting(world)
    with pytest.raises(NotFound):
        service.read_consultation(secretary, held.meeting)


def test_a_consultation_is_called_off_before_it_opens_and_never_after(world: World, secretary: Actor) -> None:
    start = clock.today() + timedelta(days=2)
    built = consult(world, secretary, opens_day=start, ends_day=start + timedelta(days=10))
    service.call_off(secretary, built.public_id, version=version_of(built.public_id))
    assert status_of(built.requests[0]) is RequestStatus.READY
    other = consult(world, secretary, ends_day=start + timedelta(days=10))
    with pytest.raises(RuleViolation, match="va jusqu’à sa fin"):
        service.call_off(secretary, other.public_id, version=version_of(other.public_id))
