"""What members answer: votes, by phone too, silence, an oral debate asked for, and the reminders to the others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from pdp.accounts.enums import Silence
from pdp.consultations import jobs, service
from pdp.core.errors import Forbidden, NotFound, RuleViolation
from pdp.meetings import service as seances
from pdp.meetings.enums import BallotStatus, OpinionCode, VoteChannel, VoteValue
from pdp.meetings.models import Vote
from pdp.meetings.service import worklists
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from tests.consultations.builders import silence_means, utc, version_of
from tests.consultations.life import OPENING, ballot_row, end_of, opened, plain, told, vote
from tests.meetings.builders import build_request
from tests.meetings.test_seance import status_of
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


@pytest.mark.parametrize(
    ("meaning", "tally", "quorum", "proposed"),
    [
        (
            Silence.NOTHING,
            "2 pour ; 0 contre ; 1 déport ; 3 sièges sans vote",
            "Quorum non atteint : 2 sièges délibératifs, il en faut 3. Le service médical ne siège pas. "
            "Le déport est déduit.",
            OpinionCode.ADJOURNED,
        ),
        # Of three silent seats two were reached; the person who takes no part is not taken to agree.
        (
            Silence.ASSENT,
            "4 pour ; 0 contre ; 1 déport ; 1 siège sans vote",
            "Quorum atteint : 4 sièges délibératifs, il en faut 3, et les trois services siègent. "
            "Le déport est déduit.",
            OpinionCode.FAVOURABLE,
        ),
    ],
)
def test_silence_means_what_the_rules_of_the_cellule_say(
    world: World,
    actor_of: ActorOf,
    secretary: Actor,
    meaning: Silence,
    tally: str,
    quorum: str,
    proposed: OpinionCode,
) -> None:
    silence_means(world, meaning)
    consulted = opened(world, secretary)
    ballot = consulted.ballots[0]
    # What the rules become later changes nothing: the meaning is frozen at the opening.
    silence_means(world, Silence.NOTHING)
    with time_machine.travel(OPENING + timedelta(days=1), tick=False):
        vote(actor_of("a.manager"), ballot)
        vote(actor_of("a.cpam"), ballot)
        vote(actor_of("a.cpam_2"), ballot, VoteValue.RECUSED)
    with as_owner() as session:
        reached = [world.user["a.service_medical"], world.user["a.service_medical_2"]]
        session.execute(update(Notice).where(Notice.user_id.in_(reached)).values(seen_at=OPENING))
    end_of(consulted)
    page = service.read_question(secretary, consulted.public_id, ballot)
    assert page.ballot is not None
    assert page.ballot.tally is not None
    assert page.proposal is not None
    assert plain(page.ballot.tally.deliberative.words) == tally
    assert plain(page.ballot.quorum_sentence) == quorum
    assert page.proposal.code is proposed
    silent = {seat.channel for seat in page.ballot.seats if seat.channel is VoteChannel.SILENCE}
    assert silent == ({VoteChannel.SILENCE} if meaning is Silence.ASSENT else set())


def test_a_failed_quorum_sends_the_request_back(world: World, actor_of: ActorOf, secretary: Actor) -> None:
    consulted = opened(world, secretary)
    vote_at = OPENING + timedelta(days=1)
    with time_machine.travel(vote_at, tick=False):
        vote(actor_of("a.cpam"), consulted.ballots[0])
    end_of(consulted)
    page = service.read_question(secretary, consulted.public_id, consulted.ballots[0])
    assert page.proposal is not None
    assert page.proposal.allowed == (OpinionCode.ADJOURNED,)
    seances.record_opinion(secretary, consulted.items[0], version=page.row.version, code=OpinionCode.ADJOURNED)
    assert status_of(consulted.requests[0]) is RequestStatus.ADJOURNED
    assert consulted.requests[0] in {row.request for row in worklists.list_backlog(secretary).rows}


def test_any_member_stops_a_question_for_an_oral_debate(world: World, actor_of: ActorOf, secretary: Actor) -> None:
    older = build_request(world, "a.alone")
    consulted = opened(world, secretary, "a.alone", "a.alone")
    first, second = consulted.ballots
    with time_machine.travel(OPENING + timedelta(days=1), tick=False):
        vote(actor_of("a.cpam"), first, VoteValue.AGAINST, "Un motif.")
        with pytest.raises(Forbidden):
            service.evoke(actor_of("a.csam"), first)
        service.evoke(actor_of("a.service_medical"), first)
        with pytest.raises(RuleViolation):
            vote(actor_of("a.cpam_2"), first)
        vote(actor_of("a.cpam_2"), second)
        stopped = service.read_question(secretary, consulted.public_id, first)
        assert (stopped.evoked_by, stopped.ballot, stopped.phones) == ("Service médical, siège 1", None, ())
        assert status_of(consulted.requests[0]) is RequestStatus.READY
        # The oldest waits since before; the one to be debated comes first all the same.
        backlog = [
            row for row in worklists.list_backlog(secretary).rows if row.request in (older, *consulted.requests)
        ]
        assert [row.request for row in backlog] == [consulted.requests[0], older]
        assert backlog[0].evoked_at == OPENING + timedelta(days=1)
    assert told(NoticeKind.CONSULTATION_EVOKED) == {"manager", "service_social", "service_medical_2", "cpam"} | {
        "cpam_2",
        "coordinateur",
    }
    end_of(consulted)
    assert ballot_row(first).status is BallotStatus.STOPPED
    assert ballot_row(second).status is BallotStatus.CLOSED
    # The vote stays in the history, and nobody reads it: not even in one's own cellule's complete page.
    with as_owner() as session:
        assert (
            session.scalar(select(func.count()).select_from(Vote).where(Vote.ballot_id == ballot_row(first).id)) == 1
        )
    assert service.read_question(secretary, consulted.public_id, first).ballot is None


def test_a_vote_given_by_phone_is_told_and_may_be_confirmed_or_changed(
    world: World, actor_of: ActorOf, secretary: Actor
) -> None:
    consulted = opened(world, secretary)
    ballot, seat = consulted.ballots[0], world.seat["a.cp1"]
    with time_machine.travel(OPENING + timedelta(days=1), tick=False):
        service.type_phone_vote(secretary, ballot, seat=seat, value=VoteValue.ABSTAIN)
        service.type_phone_vote(secretary, ballot, seat=seat, value=VoteValue.AGAINST, text="Dit au téléphone.")
        assert told(NoticeKind.CONSULTATION_PHONE) == {"cpam"}
        phones = {row.label: row for row in service.read_question(secretary, consulted.public_id, ballot).phones}
        assert phones["CPAM, siège 1"].typed is VoteValue.AGAINST
        mine = service.read_question(actor_of("a.cpam"), consulted.public_id, ballot).mine
        assert mine is not None
        assert (mine.value, mine.channel, mine.sequence) == (VoteValue.AGAINST, VoteChannel.PHONE, 2)
        vote(actor_of("a.cpam"), ballot, VoteValue.FOR, replaces=2)
        with pytest.raises(RuleViolation, match="elle seule peut changer"):
            service.type_phone_vote(secretary, ballot, seat=seat, value=VoteValue.AGAINST, text="Encore.")
        # A séance's own way of typing does not reach a consultation.
        with pytest.raises(NotFound):
            seances.type_vote(secretary, ballot, seat=seat, value=VoteValue.FOR)
        with pytest.raises(NotFound):
            seances.type_all_for(secretary, ballot)


def test_reminders_go_to_those_who_have_not_voted_and_to_nobody_else(
    world: World, actor_of: ActorOf, secretary: Actor
) -> None:
    consulted = opened(world, secretary, "a.alone", "a.withdrawn")
    first, second = consulted.ballots
    with time_machine.travel(OPENING + timedelta(days=1), tick=False):
        for name in ("manager", "service_social", "service_medical"):
            vote(actor_of(f"a.{name}"), first)
            vote(actor_of(f"a.{name}"), second)
        vote(actor_of("a.cpam"), first)
        vote(actor_of("a.cpam_2"), first, VoteValue.RECUSED)
        vote(actor_of("a.cpam_2"), second, VoteValue.RECUSED)
    # Half-way is Thursday 3 December; the eve, Saturday 5.
    with time_machine.travel(utc(2026, 12, 3, 7, 59), tick=False):
        jobs.run()
        assert told(NoticeKind.CONSULTATION_REMINDER) == set()
    with time_machine.travel(utc(2026, 12, 3, 8), tick=False):
        jobs.run()
        jobs.run()
        assert told(NoticeKind.CONSULTATION_REMINDER) == {"service_medical_2", "cpam"}
        with pytest.raises(RuleViolation, match=r"vendredi 4.décembre 2026 à 9"):
            service.relance(secretary, consulted.public_id, version=version_of(consulted.public_id))
        progress = service.read_consultation(secretary, consulted.public_id).progress
        assert {seat.label for seat in progress if seat.reminded_at} == {"Service médical, siège 2", "CPAM, siège 1"}
    with as_owner() as session:
        session.execute(update(Notice).values(seen_at=OPENING))
    with time_machine.travel(utc(2026, 12, 4, 9), tick=False):
        vote(actor_of("a.cpam"), second)
        assert service.relance(secretary, consulted.public_id, version=version_of(consulted.public_id)) == 1
        assert told(NoticeKind.CONSULTATION_REMINDER) == {"service_medical_2"}
    with as_owner() as session:
        session.execute(update(Notice).values(seen_at=OPENING))
    with time_machine.travel(utc(2026, 12, 5, 8), tick=False):
        vote(actor_of("a.service_medical_2"), first)
        vote(actor_of("a.service_medical_2"), second)
        jobs.run()
        assert told(NoticeKind.CONSULTATION_REMINDER) == set()
