"""The pages: the coordinator sends, reminds and types; members answer in the site; each sees only what is theirs."""

from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from pdp.cases import service as cases
from pdp.cases.enums import RecusalReason
from pdp.consent.models import SharingAgreement
from pdp.convocations import service
from pdp.convocations.enums import Answer
from pdp.convocations.models import Convocation
from pdp.core.errors import NotFound
from pdp.meetings.rules.forecast import Outlook
from pdp.meetings.service import forecasting
from pdp.policy.actor import Actor
from tests.convocations.planned import calendar_of, convened, deliver, plan, with_link
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
CORE = ("manager", "service_social", "service_medical", "service_medical_2", "cpam", "cpam_2")


def test_the_coordinator_sends_reminds_and_types_an_answer(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    meeting = plan(world, actor_of("a.coordinateur"))
    client, path = sign_in_as("a.coordinateur"), f"/seances/{meeting}/convocations"
    assert "Envoyer les convocations" in client.get(path).text
    page = client.post(path, follow_redirects=True).text
    assert "8\u00a0convocations envoyées." in page
    assert "Relancer les 8 personnes sans réponse" in page
    assert "il n’y a rien à envoyer" in client.post(path, follow_redirects=True).text
    assert "Relance envoyée à 8\u00a0personnes." in client.post(f"{path}/relance", follow_redirects=True).text
    assert "trois jours ouvrables" in client.post(f"{path}/relance", follow_redirects=True).text
    with as_owner() as session:
        first = session.scalars(select(Convocation.public_id).order_by(Convocation.id)).first()
    typed = {"convocation": first, "answer": "other_time"}
    refused = client.post(f"{path}/reponse", data=typed)
    assert (refused.status_code, "quel autre horaire" in refused.text) == (422, True)
    kept = client.post(f"{path}/reponse", data=typed | {"wish": "Le matin"}, follow_redirects=True).text
    assert "Demande un autre horaire" in kept
    assert "par téléphone, saisie par la coordination" in kept
    for other in ("a.cpam", "a.cap_emploi", "b.coordinateur"):
        assert sign_in_as(other).get(path).status_code == 404


def test_a_member_answers_on_the_page_of_the_seance(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    meeting, mailbox = convened(world, actor_of("a.coordinateur"))
    client = sign_in_as("a.service_social")
    assert "1\u00a0convocation à une séance attend votre réponse" in client.get("/").text
    assert "Répondre à la convocation" in client.get(f"/seances/{meeting}").text
    page = client.get(f"/seances/{meeting}/ma-reponse").text
    assert "J’envoie mon suppléant (Service EssaiA)" in page
    page = client.post(f"/seances/{meeting}/ma-reponse", data={"answer": "remote"}, follow_redirects=True).text
    assert "Votre réponse à la convocation\u00a0: je viens, à distance" in page
    assert "attend votre réponse" not in client.get("/").text
    # A file taken from the page updates the entry that the mail made.
    [entry] = Calendar.from_ical(client.get(f"/seances/{meeting}/calendrier").data).walk("VEVENT")
    [asked] = [calendar_of(mail)[1] for to, mail in mailbox.received if to == "service_social.a@example.org"]
    assert entry["UID"] == asked["UID"]
    assert sign_in_as("a.service_social_2").get(f"/seances/{meeting}/ma-reponse").status_code == 404


def test_a_withdrawn_sharing_takes_the_partner_out_of_the_seance_at_once(world: World, actor_of: ActorOf) -> None:
    convened(world, actor_of("a.coordinateur"))
    with as_owner() as session:
        agreement = session.scalars(
            select(SharingAgreement).where(
                SharingAgreement.case_id == world.case_id["a.shared"],
                SharingAgreement.organisation_id == world.organisation["a.cap_emploi"],
            )
        ).one()
    social = actor_of("a.service_social")
    cases.withdraw_agreement(social, world.case["a.shared"], agreement.public_id, version=agreement.version)
    gone = with_link(deliver()).received
    assert [(to, calendar_of(mail)[0]) for to, mail in gone] == [("cap_emploi.a@example.org", "CANCEL")]


def test_a_deport_declared_weakens_the_forecast_of_its_case_alone(world: World, actor_of: ActorOf) -> None:
    coordinator = actor_of("a.coordinateur")
    meeting, _ = convened(world, coordinator, cases=("a.shared", "a.alone"))
    for name in CORE:
        service.answer_own(actor_of(f"a.{name}"), meeting, answer=Answer.ROOM)
    cases.declare_recusal(actor_of("a.cpam"), world.case["a.alone"], reason=RecusalReason.PERSONAL)
    found = forecasting.forecast_quorum(coordinator, meeting)
    assert found.whole.outlook is Outlook.REACHED
    [weaker] = found.weaker.values()
    assert (weaker.outlook, weaker.weak) == (Outlook.FRAGILE, ("CPAM, siège 2",))


def test_the_board_runs_as_many_statements_whatever_the_agenda(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any]
) -> None:
    actor, counts = actor_of("a.coordinateur"), []
    for size in (1, 6):
        meeting, _ = convened(world, actor, cases=("a.shared", "a.alone", "a.shared")[:1] * size)
        with count_queries() as seen:
            service.read_board(actor, meeting)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 22


def test_a_person_of_another_seance_has_nothing_to_answer(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    meeting, _ = convened(world, actor)
    for name in ("a.service_social_2", "a.mdph", "b.cpam"):
        with pytest.raises(NotFound):
            service.answer_own(actor_of(name), meeting, answer=Answer.ROOM)
