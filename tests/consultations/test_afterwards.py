"""What the next séance and the minutes say of what was decided in writing."""

import json
import re
from collections.abc import Callable
from datetime import time, timedelta

import time_machine
from sqlalchemy import select

from pdp.cases.models import Case
from pdp.consultations import jobs, service
from pdp.core import clock
from pdp.meetings import service as seances
from pdp.meetings.enums import OpinionCode, PointKind, VoteValue
from pdp.minutes import service as minutes
from pdp.minutes.models import Minutes, MinutesVersion
from pdp.policy.actor import Actor
from tests.consultations.builders import consult, version_of
from tests.consultations.life import (
    END,
    OPENING,
    end_of,
    opened,
    plain,
    vote,
)
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


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
