"""A written consultation under a moved clock, from its opening to the opinion, both meanings of silence."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import func, select, update

from pdp.accounts.enums import Silence
from pdp.accounts.models import User
from pdp.audit.models import AuditEntry
from pdp.cases.models import Case
from pdp.consultations import jobs, service
from pdp.consultations.enums import Phase
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.errors import Forbidden, InvalidInput, NotFound, RuleViolation
from pdp.core.french import NBSP
from pdp.meetings import service as seances
from pdp.meetings.enums import BallotStatus, MeetingStatus, OpinionCode, PointKind, VoteChannel, VoteValue
from pdp.meetings.models import Ballot, Meeting, Vote
from pdp.meetings.service import worklists
from pdp.minutes import service as minutes
from pdp.minutes.models import Minutes, MinutesVersion
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from tests.consultations.builders import Consulted, consult, refresh, silence_means, utc, version_of
from tests.meetings.builders import build_meeting, build_request
from tests.meetings.test_races import at_once
from tests.meetings.test_races import wide as wide
from tests.meetings.test_seance import status_of
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
# Monday 30 November 2026, 10 h in Paris; the end is Monday 7 December at 18 h.
OPENING = utc(2026, 11, 30, 9)
LAST_DAY = date(2026, 12, 7)
END = utc(2026, 12, 7, 17)
CORE = ("manager", "service_social", "service_medical", "service_medical_2", "cpam", "cpam_2")


@pytest.fixture
def secretary(actor_of: ActorOf) -> Actor:
    return actor_of("a.coordinateur")


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def opened(world: World, secretary: Actor, *cases: str) -> Consulted:
    with time_machine.travel(OPENING, tick=False):
        return consult(world, secretary, cases=cases or ("a.alone",), ends_day=LAST_DAY)


def vote(actor: Actor, ballot: str, value: VoteValue = VoteValue.FOR, text: str = "", **more: object) -> None:
    service.cast(actor, ballot, value=value, text=text, **more)


def end_of(consulted: Consulted) -> None:
    with time_machine.travel(END, tick=False):
        jobs.run()


def told(kind: NoticeKind) -> set[str]:
    """Return the addresses of those who have a notice of this kind, and forget it."""
    with as_owner() as session:
        wanted = select(User.email).join(Notice, Notice.user_id == User.id).where(Notice.kind == kind)
        return {email.split(".")[0] for email in session.scalars(wanted.where(Notice.seen_at.is_(None)))}


def ballot_row(ballot: str) -> Ballot:
    with as_owner() as session:
        return session.scalars(select(Ballot).where(Ballot.public_id == ballot)).one()


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


def test_the_scheduler_opens_and_ends_at_the_hour_and_catches_up(world: World, secretary: Actor) -> None:
    with time_machine.travel(OPENING, tick=False):
        opening, hour = date(2026, 12, 1), time(8)
        built = consult(world, secretary, opens_day=opening, opens_time=hour, ends_day=date(2026, 12, 4))
    with time_machine.travel(utc(2026, 12, 1, 6, 59), tick=False):
        jobs.run()
        assert service.read_consultation(secretary, built.public_id).view.phase is Phase.PLANNED
    # Stopped for the night and a day: it opens late, on the 2nd, and keeps three working days, until the 5th.
    with time_machine.travel(utc(2026, 12, 2, 7), tick=False):
        jobs.run()
        jobs.run()
        view = service.read_consultation(secretary, built.public_id).view
        assert (view.phase, view.ends_at) == (Phase.OPEN, utc(2026, 12, 5, 17))
    with time_machine.travel(utc(2026, 12, 5, 16, 59), tick=False):
        jobs.run()
        assert ballot_row(refresh(built).ballots[0]).status is BallotStatus.OPEN
    with time_machine.travel(utc(2026, 12, 8, 6), tick=False):
        jobs.run()
    # It ended at its hour, even though the job ran three days later.
    assert ballot_row(refresh(built).ballots[0]).closed_at == utc(2026, 12, 5, 17)


def test_nothing_ends_early_and_nothing_is_taken_late(world: World, actor_of: ActorOf, secretary: Actor) -> None:
    consulted = opened(world, secretary)
    ballot = consulted.ballots[0]
    with time_machine.travel(END - timedelta(seconds=1), tick=False):
        vote(actor_of("a.cpam"), ballot)
        with pytest.raises(NotFound):
            seances.close_ballot(secretary, ballot, version=1, confirm_missing=True)
        version = version_of(consulted.public_id)
        shorter = {"ends_day": date(2026, 12, 4), "ends_time": time(18), "reason": "Plus court."}
        with pytest.raises(InvalidInput):
            service.extend(secretary, consulted.public_id, version=version, **shorter)
    with time_machine.travel(END, tick=False):
        # The job has not run yet: the hour alone decides.
        with pytest.raises(RuleViolation, match=r"a pris fin lundi 7.décembre 2026 à 18"):
            vote(actor_of("a.cpam_2"), ballot)
        with pytest.raises(RuleViolation, match="a pris fin"):
            service.evoke(actor_of("a.cpam_2"), ballot)


def test_more_time_may_be_given_with_a_reason(world: World, actor_of: ActorOf, secretary: Actor) -> None:
    consulted = opened(world, secretary)
    with time_machine.travel(END - timedelta(hours=1), tick=False):
        values = {"ends_day": date(2026, 12, 9), "ends_time": time(12), "version": version_of(consulted.public_id)}
        with pytest.raises(InvalidInput):
            service.extend(secretary, consulted.public_id, reason=" ", **values)
        service.extend(secretary, consulted.public_id, reason="Une pièce est arrivée.", **values)
    end_of(consulted)
    with time_machine.travel(utc(2026, 12, 9, 10, 59), tick=False):
        vote(actor_of("a.cpam"), consulted.ballots[0])
        view = service.read_consultation(actor_of("a.cpam"), consulted.public_id).view
        assert view.extension_reason == "Une pièce est arrivée."


def test_more_time_has_an_eve_of_its_own_and_no_eve_is_told_twice(world: World, secretary: Actor) -> None:
    consulted = opened(world, secretary)
    # In metropolitan hours, an hour ahead. The eve of Monday 7 is Saturday 5, that of Thursday 10 is Wednesday 9.
    walk = [
        (utc(2026, 12, 3, 9), None, 1),
        (utc(2026, 12, 5, 9), None, 2),
        (utc(2026, 12, 5, 10), (date(2026, 12, 7), time(20)), 2),
        (utc(2026, 12, 5, 11), (date(2026, 12, 10), time(18)), 2),
        (utc(2026, 12, 8, 9), None, 2),
        (utc(2026, 12, 9, 7, 59), None, 2),
        (utc(2026, 12, 9, 8), None, 3),
        (utc(2026, 12, 9, 9), None, 3),
    ]
    for at, more, sent in walk:
        with time_machine.travel(at, tick=False):
            if more is not None:
                values = {"ends_day": more[0], "ends_time": more[1], "version": version_of(consulted.public_id)}
                service.extend(secretary, consulted.public_id, reason="Une pièce est arrivée.", **values)
            jobs.run()
            with as_owner() as session:
                told_times = session.scalar(
                    select(func.count(AuditEntry.id)).where(AuditEntry.action == "consultation.remind")
                )
        assert told_times == sent, at


def test_two_consultations_that_cross_on_their_requests_never_block_each_other(
    wide: Database, world: World, secretary: Actor
) -> None:
    asked = [build_request(world, "a.alone") for _ in range(4)]
    acts = [
        lambda order=order: service.plan_consultation(
            secretary, requests=order, ends_day=clock.today() + timedelta(days=20), ends_time=time(18)
        )
        for order in (asked, asked[::-1], [*asked[2:], *asked[:2]])
    ]
    done, refused = at_once(*acts)
    assert (len(done), len(refused)) == (1, 2)
    assert {status_of(request) for request in asked} == {RequestStatus.SCHEDULED}


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


@pytest.mark.parametrize(
    ("opening", "day", "ends"),
    [
        # The hour from 2 h to 3 h comes twice: 2 h 30 is the first, 0 h 30 UTC.
        (utc(2026, 10, 19, 8), date(2026, 10, 25), utc(2026, 10, 25, 0, 30)),
        # The hour from 2 h to 3 h never comes.
        (utc(2027, 3, 22, 9), date(2027, 3, 28), None),
    ],
)
def test_the_night_of_the_clock_change(
    world: World, actor_of: ActorOf, secretary: Actor, opening: datetime, day: date, ends: datetime | None
) -> None:
    with time_machine.travel(opening, tick=False):
        if ends is None:
            with pytest.raises(InvalidInput) as refused:
                consult(world, secretary, ends_day=day, ends_time=time(2, 30))
            assert set(refused.value.errors) == {"ends_time"}
            return
        built = consult(world, secretary, ends_day=day, ends_time=time(2, 30))
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        vote(actor_of("a.cpam"), built.ballots[0])
        jobs.run()
        assert ballot_row(built.ballots[0]).status is BallotStatus.OPEN
    with time_machine.travel(ends, tick=False):
        jobs.run()
        assert ballot_row(built.ballots[0]).status is BallotStatus.CLOSED
    # An hour later the clocks show 2 h 30 again: nothing happens a second time.
    with time_machine.travel(ends + timedelta(hours=1), tick=False):
        jobs.run()
    assert entries("consultation.end") == 1


def test_two_processes_at_the_deadline_close_once(world: World, actor_of: ActorOf, secretary: Actor) -> None:
    silence_means(world, Silence.ASSENT)
    opened(world, secretary)
    with as_owner() as session:
        session.execute(update(Notice).values(seen_at=OPENING))
    ready, failed = Barrier(2), []

    def closes() -> None:
        ready.wait()
        try:
            jobs.run()
        except Exception as error:
            failed.append(error)

    with time_machine.travel(END, tick=False):
        processes = [Thread(target=closes) for _ in range(2)]
        for each in processes:
            each.start()
        for each in processes:
            each.join()
    assert failed == []
    assert (entries("consultation.end"), entries("ballot.close")) == (1, 1)
    with as_owner() as session:
        assert session.scalar(select(func.count()).select_from(Vote)) == len(CORE)


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


def entries(action: str) -> int:
    with as_owner() as session:
        wanted = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
        return session.scalar(wanted) or 0


def test_a_consultation_is_called_off_before_it_opens_and_never_after(world: World, secretary: Actor) -> None:
    start = clock.today() + timedelta(days=2)
    built = consult(world, secretary, opens_day=start, ends_day=start + timedelta(days=10))
    service.call_off(secretary, built.public_id, version=version_of(built.public_id))
    assert status_of(built.requests[0]) is RequestStatus.READY
    other = consult(world, secretary, ends_day=start + timedelta(days=10))
    with pytest.raises(RuleViolation, match="va jusqu’à sa fin"):
        service.call_off(secretary, other.public_id, version=version_of(other.public_id))


def test_the_next_séance_takes_note_of_what_was_decided_in_writing(
    world: World, actor_of: ActorOf, secretary: Actor
) -> None:
    today = clock.today()
    seance = seances.plan_meeting(secretary, day=today + timedelta(days=40), start=time(14), end=time(17), place="Ici")
    built = consult(
        world, secretary, cases=("a.shared", "a.alone", "a.withdrawn"), ends_day=today + timedelta(days=10)
    )
    voters = ("manager", "service_medical", "cpam", "service_social")
    for ballot in built.ballots:
        for name in voters:
            vote(actor_of(f"a.{name}"), ballot)
    service.evoke(actor_of("a.cpam"), built.ballots[2])
    with time_machine.travel(clock.now() + timedelta(days=11), tick=False):
        jobs.run()
        for ballot, item in zip(built.ballots[:2], built.items, strict=False):
            version = service.read_question(secretary, built.public_id, ballot).row.version
            seances.record_opinion(secretary, item, version=version, code=OpinionCode.FAVOURABLE)
        service.finish(secretary, built.public_id, version=version_of(built.public_id))
        jobs.run()
        composed = minutes.compose_minutes(secretary, built.public_id)
    complete = text_of(composed.public_id, None)
    assert "Procès-verbal de la consultation écrite du" in complete
    assert "Un membre a demandé un débat oral le" in complete
    assert "Les sièges qui ont répondu par écrit comptent comme présents." in complete
    points = [point.kind for point in seances.read_meeting(secretary, seance).points]
    assert points.count(PointKind.CONSULTATIONS) == 1
    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        seances.open_meeting(secretary, seance, version=version_of(seance))
        seances.close_meeting(secretary, seance, version=version_of(seance))
        noted = minutes.compose_minutes(secretary, seance)
    shared, alone = reference_of(world, "a.shared"), reference_of(world, "a.alone")
    complete = text_of(noted.public_id, None)
    assert "prend acte des avis rendus par consultation écrite" in complete
    assert [reference in complete for reference in (shared, alone)] == [True, True]
    partner = text_of(noted.public_id, world.organisation["a.cap_emploi"])
    assert [reference in partner for reference in (shared, alone)] == [True, False]


def test_the_minutes_say_of_a_vote_by_phone_whether_its_person_confirmed_it(
    world: World, actor_of: ActorOf, secretary: Actor
) -> None:
    consulted = opened(world, secretary)
    ballot, item = consulted.ballots[0], consulted.items[0]
    with time_machine.travel(OPENING + timedelta(days=1), tick=False):
        service.type_phone_vote(secretary, ballot, seat=world.seat["a.cp1"], value=VoteValue.FOR)
        service.type_phone_vote(secretary, ballot, seat=world.seat["a.cp2"], value=VoteValue.AGAINST, text="Trop tôt.")
        service.type_phone_vote(secretary, ballot, seat=world.seat["a.sm1"], value=VoteValue.FOR)
        # One confirms, one answers otherwise, the third says nothing more.
        vote(actor_of("a.cpam"), ballot, VoteValue.FOR, replaces=1)
        vote(actor_of("a.cpam_2"), ballot, VoteValue.ABSTAIN, replaces=1)
        vote(actor_of("a.manager"), ballot)
    end_of(consulted)
    with time_machine.travel(END + timedelta(hours=15), tick=False):
        version = service.read_question(secretary, consulted.public_id, ballot).row.version
        seances.record_opinion(secretary, item, version=version, code=OpinionCode.FAVOURABLE)
        service.finish(secretary, consulted.public_id, version=version_of(consulted.public_id))
        composed = minutes.compose_minutes(secretary, consulted.public_id)
    assert votes_in(composed.public_id) == {
        "Service social, siège 1": "Pour",
        "Service social, siège 2": "Absent",
        "Service médical, siège 1": "Pour (par téléphone, non confirmé)",
        "Service médical, siège 2": "Absent",
        "CPAM, siège 1": "Pour (par téléphone, confirmé)",
        "CPAM, siège 2": "Abstention",
    }


def votes_in(public_id: str) -> dict[str, str]:
    """Return what the complete version prints of each seat."""
    found = re.findall(
        r'"seat": {[^}]*?"text": "([^"]*)".*?"value": {[^}]*?"text": "([^"]*)"', text_of(public_id, None)
    )
    return dict(found)


def text_of(public_id: str, organisation: int | None) -> str:
    """Return every text of a stored version of minutes, as one string."""
    with as_owner() as session:
        content = session.scalars(
            select(MinutesVersion.content)
            .join(Minutes, Minutes.id == MinutesVersion.minutes_id)
            .where(Minutes.public_id == public_id, MinutesVersion.organisation_id == organisation)
        ).one()
    return plain(json.dumps(content, ensure_ascii=False))


def reference_of(world: World, case: str) -> str:
    with as_owner() as session:
        return session.scalars(select(Case.reference).where(Case.id == world.case_id[case])).one()
