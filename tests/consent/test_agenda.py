"""What an end of sharing changes in the agendas to come, and the trace that the coordinator reads."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pdp.cases import service as cases
from pdp.cases.enums import CaseMove
from pdp.cases.models import Case
from pdp.consent.models import SharingAgreement
from pdp.meetings import service as meetings
from pdp.meetings.enums import MeetingStatus
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.meetings.builders import Seance, build_meeting
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]


@pytest.fixture
def planned(world: World) -> Seance:
    """A séance to come: one request of the shared case by Cap emploi, one by the service social, one of another."""
    seance = build_meeting(world, 3, status=MeetingStatus.PLANNED, cases=("a.shared", "a.shared", "a.alone"))
    with as_owner() as session:
        first = select(DispositifRequest).where(DispositifRequest.public_id == seance.requests[0])
        session.scalars(first).one().created_by_organisation_id = world.organisation["a.cap_emploi"]
    return seance


def _withdraw(world: World, actor: Actor) -> None:
    with as_owner() as session:
        wanted = select(SharingAgreement).where(
            SharingAgreement.case_id == world.case_id["a.shared"],
            SharingAgreement.organisation_id == world.organisation["a.cap_emploi"],
        )
        agreement = session.scalars(wanted).one()
    cases.withdraw_agreement(actor, world.case["a.shared"], agreement.public_id, version=agreement.version)


def _close(world: World, actor: Actor) -> None:
    with as_owner() as session:
        version = session.get_one(Case, world.case_id["a.shared"]).version
    cases.move_case(actor, world.case["a.shared"], CaseMove.CLOSE, version=version)


def _status(public_id: str) -> RequestStatus:
    with as_owner() as session:
        return session.scalars(select(DispositifRequest.status).where(DispositifRequest.public_id == public_id)).one()


def test_what_the_partner_asked_for_is_pulled_and_the_rest_goes_on_without_it(
    planned: Seance, world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    _withdraw(world, actor_of("a.service_social"))
    page = meetings.read_meeting(actor_of("a.coordinateur"), planned.meeting)
    assert [(row.request, row.position) for row in page.items] == [
        (planned.requests[1], 1),
        (planned.requests[2], 2),
    ]
    assert [(trace.kind.value, trace.organisation) for trace in page.traces] == [
        ("PULLED", "Cap emploi"),
        ("PLACE_LOST", "Cap emploi"),
    ]
    assert _status(planned.requests[0]) is RequestStatus.READY
    shown = sign_in_as("a.coordinateur").get(f"/seances/{planned.meeting}").get_data(as_text=True)
    assert "Retiré de l’ordre du jour\u00a0: le partage avec Cap emploi a pris fin le " in shown
    assert "Sera examiné sans Cap emploi" in shown


def test_the_end_of_the_case_pulls_all_its_items(
    planned: Seance, world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    _close(world, actor_of("a.service_social"))
    page = meetings.read_meeting(actor_of("a.coordinateur"), planned.meeting)
    assert [row.request for row in page.items] == [planned.requests[2]]
    assert [(trace.kind.value, trace.organisation) for trace in page.traces] == [("PULLED", None), ("PULLED", None)]
    shown = sign_in_as("a.coordinateur").get(f"/seances/{planned.meeting}").get_data(as_text=True)
    assert "le dossier a pris fin le " in shown


def test_the_trace_is_for_the_coordinator_alone(planned: Seance, world: World, actor_of: ActorOf) -> None:
    _withdraw(world, actor_of("a.service_social"))
    for person in ("a.cpam", "a.service_social", "a.spst"):
        assert meetings.read_meeting(actor_of(person), planned.meeting).traces == ()


def test_what_was_put_to_the_vote_stays_on_the_agenda(world: World, actor_of: ActorOf) -> None:
    _withdraw(world, actor_of("a.service_social"))
    page = meetings.read_meeting(actor_of("a.coordinateur"), world.meeting["a.open"])
    assert world.item["a.shared"] in [row.item for row in page.items]
    assert page.traces == ()
