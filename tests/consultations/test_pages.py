"""The pages of consultations: a vote from a browser, and nothing of anybody's vote before the end."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from pdp.consultations import service
from pdp.core import clock
from pdp.meetings.enums import MeetingKind, MeetingStatus, VoteValue
from pdp.meetings.models import Meeting
from pdp.policy.actor import Actor
from tests.consultations.builders import Consulted, consult
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
SECRET = "motif-que-personne-ne-lit"


def opened(world: World, actor_of: ActorOf) -> Consulted:
    return consult(world, actor_of("a.coordinateur"), ends_day=clock.today() + timedelta(days=10))


def pages(built: Consulted) -> tuple[str, ...]:
    one = f"/consultations/{built.public_id}"
    question = f"{one}/questions/{built.ballots[0]}"
    return ("/consultations", one, question, f"{question}/telephone", f"{question}/debat-oral", "/")


def test_a_member_votes_changes_and_asks_for_a_debate(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    built = opened(world, actor_of)
    _, one, question, _, debate, home = pages(built)
    client = sign_in_as("a.cpam")
    assert "1\u00a0vote est attendu de vous par écrit" in client.get(home).text
    refused = client.post(f"{question}/vote", data={"vote": "AGAINST", "idempotency_key": "cle-1"})
    assert refused.status_code == 422
    assert "Écrivez votre motif" in refused.text
    assert client.post(f"{question}/vote", data={"vote": "FOR", "idempotency_key": "cle-2"}).status_code == 303
    changed = {"vote": "ABSTAIN", "idempotency_key": "cle-3", "replaces": "1"}
    assert client.post(f"{question}/vote", data=changed).status_code == 303
    assert "Abstention" in client.get(one).text
    assert "attendu de vous par écrit" not in client.get(home).text
    assert client.post(debate).status_code == 303
    assert "Débat oral demandé" in client.get(question).text


def test_before_the_end_no_page_tells_a_vote_to_anybody_else(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    built = opened(world, actor_of)
    service.cast(actor_of("a.cpam"), built.ballots[0], value=VoteValue.AGAINST, text=SECRET)
    minutes = f"/seances/{built.public_id}/proces-verbal"
    for name in ("a.coordinateur", "a.manager", "a.cpam_2"):
        client = sign_in_as(name)
        for path in pages(built):
            answer = client.get(path)
            if answer.status_code == 200:
                assert SECRET not in answer.text
                assert "Contre :" not in answer.text
                assert answer.headers.get("ETag") is None
        assert client.get(minutes).status_code == 404
        assert client.get(f"{minutes}/projet").status_code == 404
    assert SECRET in sign_in_as("a.cpam").get(pages(built)[2]).text


def test_the_address_of_its_minutes_leads_the_core_back_to_the_consultations(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    opened(world, actor_of)
    with as_owner() as session:
        written = session.scalars(select(Meeting.public_id).where(Meeting.kind == MeetingKind.WRITTEN)).one()
    answer = sign_in_as("a.cpam").get(f"/seances/{written}")
    assert (answer.status_code, answer.location) == (302, "/consultations")
    assert [sign_in_as(name).get(f"/seances/{written}").status_code for name in ("a.cap_emploi", "b.cpam")] == [
        404
    ] * 2


def test_the_minutes_of_a_consultation_lead_straight_back_to_it(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    built = opened(world, actor_of)
    with as_owner() as session:
        written = update(Meeting).where(Meeting.public_id == built.public_id)
        session.execute(written.values(status=MeetingStatus.CLOSED, closed_at=clock.now()))
    client, page = sign_in_as("a.coordinateur"), f"/seances/{built.public_id}/proces-verbal"
    for path in (page, f"{page}/projet"):
        text = client.get(path).text
        assert f'href="/consultations/{built.public_id}"' in text
        assert f'href="/seances/{built.public_id}"' not in text


def test_a_partner_is_not_told_how_many_other_questions_there_are(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    built = consult(
        world,
        actor_of("a.coordinateur"),
        cases=("a.alone", "a.shared"),
        ends_day=clock.today() + timedelta(days=10),
    )
    paths = (f"/consultations/{built.public_id}", f"/consultations/{built.public_id}/questions/{built.ballots[1]}")
    for path in paths:
        assert "Question 2" in sign_in_as("a.coordinateur").get(path).text
        partner = sign_in_as("a.cap_emploi").get(path)
        assert partner.status_code == 200
        assert "Question 2" not in partner.text


def test_a_partner_without_the_case_knows_of_no_consultation(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    built = opened(world, actor_of)
    client = sign_in_as("a.cap_emploi")
    assert client.get(f"/consultations/{built.public_id}").status_code == 404
    assert built.public_id not in client.get("/consultations").text
