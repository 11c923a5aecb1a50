"""« Mon organisme »: what is shared, asked and proposed, for this organisation only."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pdp.dispositifs.enums import Dispositif
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from tests.advice.test_pages import ask
from tests.requests.build import ask as propose
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]


def text_of(client: StrictClient, path: str = "/mon-organisme") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_space_lists_what_is_shared_and_nothing_else(sign_in_as: SignIn, world: World) -> None:
    page = text_of(sign_in_as("a.cap_emploi"))
    # A partner's lists hold the reference and the initials: a name is read in the case, which is counted.
    assert "NomShared" not in page
    assert world.case["a.shared"] in page
    assert world.case["a.partial"] in page
    for hidden in ("alone", "expired", "withdrawn", "future", "triage", "closed"):
        assert world.case[f"a.{hidden}"] not in page, hidden
    assert world.case["b.shared"] not in page


def test_a_question_asked_is_in_the_space_until_it_is_answered(sign_in_as: SignIn, world: World) -> None:
    cap = sign_in_as("a.cap_emploi")
    assert "Aucun avis attendu" in text_of(cap)
    ask(sign_in_as("a.coordinateur"), world, "cap_emploi")
    assert "Répondre" in text_of(cap)
    assert "Aucun avis attendu" in text_of(sign_in_as("a.spst"))


def test_a_proposal_is_declined_with_its_reason(sign_in_as: SignIn, world: World, actor_of: ActorOf) -> None:
    request = propose(actor_of("a.cap_emploi"), world, dispositif=Dispositif.PMSMP)
    cap, referent = sign_in_as("a.cap_emploi"), sign_in_as("a.service_social")
    assert "attend la réponse du référent" in text_of(cap)
    path = f"/demandes/{request}/refus"
    assert cap.get(path).status_code == 404
    assert sign_in_as("a.cpam").get(path).status_code == 404
    assert "Ne pas retenir" in text_of(referent, path)
    assert referent.post(path, data={"version": "1"}).status_code == 422
    done = referent.post(path, data={"version": "1", "reason": "Un autre stage est déjà prévu."})
    assert done.status_code == 303
    assert "Un autre stage est déjà prévu." in text_of(cap)
    assert "Un autre stage est déjà prévu." in text_of(cap, f"/demandes/{request}")
    assert referent.post(path, data={"version": "2", "reason": "Encore."}).status_code == 404
    with as_owner() as session:
        kinds = {(row[0], row[1]) for row in session.execute(select(Notice.user_id, Notice.kind))}
    assert (world.user["a.service_social"], NoticeKind.PROPOSAL_RECEIVED) in kinds
    assert (world.user["a.cap_emploi"], NoticeKind.PROPOSAL_ANSWERED) in kinds


@pytest.mark.parametrize("name", ["a.coordinateur", "a.dpo", "a.admin", "a.csam", "a.pilotage"])
def test_the_space_is_for_partners(sign_in_as: SignIn, world: World, name: str) -> None:
    assert sign_in_as(name).get("/mon-organisme").status_code == 404


def test_the_space_costs_the_same_for_one_question_as_for_six(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any]
) -> None:
    cap, coordinator, counted = sign_in_as("a.cap_emploi"), sign_in_as("a.coordinateur"), []
    for more in (1, 5):
        for _ in range(more):
            ask(coordinator, world, "cap_emploi")
        with count_queries() as seen:
            text_of(cap)
        counted.append(len(seen))
    assert counted[0] == counted[1]
