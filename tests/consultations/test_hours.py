"""When a consultation opens and ends: the hour, more time, the nights of the clock change, several at once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import func, select, update

from pdp.accounts.enums import Silence
from pdp.audit.models import AuditEntry
from pdp.consultations import jobs, service
from pdp.consultations.enums import Phase
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings import service as seances
from pdp.meetings.enums import BallotStatus
from pdp.meetings.models import Vote
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from tests.consultations.builders import consult, refresh, silence_means, utc, version_of
from tests.consultations.life import CORE, END, OPENING, ballot_row, end_of, entries, opened, vote
from tests.meetings.builders import build_request
from tests.meetings.test_races import at_once
from tests.meetings.test_races import wide as wide
from tests.meetings.test_seance import status_of
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


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
