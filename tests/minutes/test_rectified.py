"""What two persons corrected, in minutes composed after it, and in the erratum of those composed before."""

import json
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.meetings import service as meetings
from pdp.meetings.enums import OpinionCode
from pdp.meetings.service import correcting
from pdp.minutes import service
from pdp.minutes.erratum import CorrectedPart
from pdp.minutes.queries.corrected import list_corrected_since
from pdp.policy.actor import Actor
from tests.meetings.test_corrections import AGAINST, SEATS, given, propose
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
TURNED = dict.fromkeys(SEATS[:3], AGAINST)


def printed(actor: Actor, meeting: str) -> str:
    found = service.read_minutes(actor, meeting)
    return json.dumps(found.shown.content, ensure_ascii=False).replace("\u00a0", " ")


def test_minutes_composed_later_print_both_opinions(world: World, actor_of: ActorOf) -> None:
    seance, secretary = given(actor_of, world), actor_of("a.coordinateur")
    made = propose(secretary, world, seance.items[0], TURNED, OpinionCode.ADJOURNED)
    correcting.confirm_correction(actor_of("a.manager"), made)
    version = meetings.read_meeting(secretary, seance.meeting).meeting.version
    meetings.close_meeting(secretary, seance.meeting, version=version)
    service.compose_minutes(secretary, seance.meeting)
    text = printed(secretary, seance.meeting)
    assert "Avis ajourné" in text
    assert "Avis enregistré à la clôture : favorable. Rectifié le" in text
    assert "Saisie inexacte. 3 pour" in text
    # The count of the closing stays beside it.
    assert "6 pour ; 0 contre" in text


def test_minutes_composed_before_get_their_erratum_written_beforehand(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    seance, secretary = given(actor_of, world), actor_of("a.coordinateur")
    version = meetings.read_meeting(secretary, seance.meeting).meeting.version
    meetings.close_meeting(secretary, seance.meeting, version=version)
    service.compose_minutes(secretary, seance.meeting)
    assert service.read_erratum(secretary, seance.meeting).awaited == ()
    made = propose(secretary, world, seance.items[0], TURNED, OpinionCode.ADJOURNED)
    correcting.confirm_correction(actor_of("a.manager"), made)
    opinion, votes = service.read_erratum(secretary, seance.meeting).awaited
    assert (opinion.part, votes.part) == (CorrectedPart.OPINION, CorrectedPart.BALLOT)
    # Who reads the opinion alone is told nothing of the votes.
    assert "contre" not in f"{opinion.wrong}{opinion.holds}{opinion.reason}"
    assert (votes.reason, "Service social, siège 1\u00a0: contre" in votes.holds) == ("Saisie inexacte.", True)
    client = sign_in_as("a.coordinateur")
    path = f"/seances/{seance.meeting}/proces-verbal"
    assert "1 avis a été rectifié" in client.get(path).text.replace("\u00a0", " ")
    assert "Saisie inexacte." in client.get(f"{path}/erratum").text
    # Minutes are dated in whole seconds: within the same one, a correction is told once more rather than missed.
    with clock.acting_at(clock.now() + timedelta(seconds=2)):
        service.compose_erratum(secretary, seance.meeting, edition=1, corrections=(opinion, votes))
    assert "Avis : ajourné." in printed(secretary, seance.meeting)
    assert service.read_erratum(secretary, seance.meeting).awaited == ()


def test_who_may_not_know_of_a_case_is_not_told_that_its_opinion_was_corrected(
    world: World, actor_of: ActorOf
) -> None:
    seance, reader = given(actor_of, world), actor_of("a.service_medical")
    before = clock.now() - timedelta(minutes=1)
    made = propose(actor_of("a.coordinateur"), world, seance.items[0], TURNED, OpinionCode.ADJOURNED)
    correcting.confirm_correction(actor_of("a.manager"), made)

    def told() -> int:
        with db.reading(reader):
            return len(list_corrected_since(reader, seance.meeting, before))

    assert told() == 1
    with as_owner() as session:
        closed = update(Case).where(Case.id == world.case_id["a.shared"])
        session.execute(closed.values(restricted_on=clock.today()))
    assert told() == 0
