"""Opinions asked of partners, through the pages: who reads what, and when."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pdp.accounts.models import Organisation
from pdp.advice.models import AdviceAsk, AdviceReply
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.policy.labels import Label
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]

QUESTION = "Le poste peut-il être aménagé avant la reprise ?"
SPST_WORDS = "Oui, avec des horaires réduits."
CAP_WORDS = "Le projet est prêt."


def page(client: StrictClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def list_path(world: World, case: str = "a.shared") -> str:
    return f"/demandes/{world.request[case]}/avis-demandes"


def ask(client: StrictClient, world: World, *kinds: str, days: int = 7, **values: Any) -> TestResponse:
    """Put the question to organisations of these kinds."""
    with as_owner() as session:
        chosen = [session.get_one(Organisation, world.organisation[f"a.{kind}"]).public_id for kind in kinds]
    data = {
        "question": QUESTION,
        "organisations": chosen,
        "due_on": (clock.today() + timedelta(days=days)).isoformat(),
    }
    return client.post(f"{list_path(world)}/nouvelle", data=data | values)


def ask_of(world: World, kind: str) -> AdviceAsk:
    """Return the newest question put to an organisation."""
    with as_owner() as session:
        return session.scalars(
            select(AdviceAsk)
            .where(AdviceAsk.organisation_id == world.organisation[f"a.{kind}"])
            .order_by(AdviceAsk.id.desc())
            .limit(1)
        ).one()


def reply(client: StrictClient, asked: AdviceAsk, value: str = "RESERVED", text: str = "") -> TestResponse:
    version = re.search(r'name="version" value="(\d+)"', page(client, f"/avis-demandes/{asked.public_id}"))
    typed = {"version": version[1] if version else asked.version, "value": value, "text": text}
    return client.post(f"/avis-demandes/{asked.public_id}", data=typed)


def test_an_opinion_is_asked_answered_and_read_by_the_core_at_once(sign_in_as: SignIn, world: World) -> None:
    coordinator, spst = sign_in_as("a.coordinateur"), sign_in_as("a.spst")
    assert "Aucun avis demandé" in page(coordinator, list_path(world))
    assert ask(coordinator, world, "spst", "cap_emploi").status_code == 303
    assert "2\u00a0avis attendus" in page(coordinator, list_path(world))
    assert reply(spst, ask_of(world, "spst"), text=SPST_WORDS).status_code == 303
    shown = page(coordinator, list_path(world))
    assert SPST_WORDS in shown
    assert "1\u00a0avis attendu sur 2" in shown
    request = f"/demandes/{world.request['a.shared']}"
    assert "1\u00a0avis attendu sur 2" in page(coordinator, request)
    assert "Votre avis est attendu pour le" in page(sign_in_as("a.cap_emploi"), request)
    assert "Toutes les réponses sont là" in page(spst, request)


def test_no_byte_of_a_partner_s_pages_changes_before_all_are_in(
    sign_in_as: SignIn, world: World, figure: Figure
) -> None:
    ask(sign_in_as("a.coordinateur"), world, "spst", "cap_emploi")
    cap, spst = sign_in_as("a.cap_emploi"), sign_in_as("a.spst")
    mine = ask_of(world, "cap_emploi")
    paths = (list_path(world), f"/avis-demandes/{mine.public_id}", "/", f"/demandes/{world.request['a.shared']}")

    def seen() -> list[str]:
        return [re.sub(r'(name="csrf_token" value|content)="[^"]+"', "", page(cap, path)) for path in paths]

    before = seen()
    reply(spst, ask_of(world, "spst"), text=SPST_WORDS)
    assert seen() == before
    reply(cap, mine, "FAVOURABLE", CAP_WORDS)
    after = page(cap, list_path(world))
    assert SPST_WORDS in after
    assert CAP_WORDS in page(spst, list_path(world))
    figure("advice.independent", f"{len(paths)} pages identical before the reveal, both read each other after")


def test_who_answered_for_a_sensitive_partner_is_not_named_to_the_others(sign_in_as: SignIn, world: World) -> None:
    with as_owner() as session:
        session.get_one(Organisation, world.organisation["a.spst"]).sensitive = True
    coordinator = sign_in_as("a.coordinateur")
    ask(coordinator, world, "spst", "cap_emploi")
    spst, cap = sign_in_as("a.spst"), sign_in_as("a.cap_emploi")
    reply(spst, ask_of(world, "spst"), text=SPST_WORDS)
    reply(cap, ask_of(world, "cap_emploi"), "FAVOURABLE", CAP_WORDS)
    shown = page(cap, list_path(world))
    assert SPST_WORDS in shown
    assert "Spst EssaiA" not in shown
    assert "Rendu par un partenaire le" in shown
    for told in (spst, coordinator):
        assert "Spst EssaiA" in page(told, list_path(world))


def test_time_up_reveals_and_a_late_answer_says_so(sign_in_as: SignIn, world: World) -> None:
    ask(sign_in_as("a.coordinateur"), world, "spst", "cap_emploi", days=2)
    reply(sign_in_as("a.spst"), ask_of(world, "spst"), text=SPST_WORDS)
    assert SPST_WORDS not in page(sign_in_as("a.cap_emploi"), list_path(world))
    with clock.acting_at(clock.now() + timedelta(days=3)):
        cap = sign_in_as("a.cap_emploi")
        assert SPST_WORDS in page(cap, list_path(world))
        reply(cap, ask_of(world, "cap_emploi"), "FAVOURABLE")
        assert "après l’échéance" in page(cap, list_path(world))


def test_without_an_agreement_for_the_opinion_a_partner_reads_its_own_only(sign_in_as: SignIn, world: World) -> None:
    with as_owner() as session:
        for agreement in session.scalars(
            select(SharingAgreement).where(
                SharingAgreement.case_id == world.case_id["a.shared"],
                SharingAgreement.organisation_id == world.organisation["a.cap_emploi"],
            )
        ):
            agreement.labels = agreement.labels - {Label.OPINION}
    ask(sign_in_as("a.coordinateur"), world, "spst", "cap_emploi")
    cap = sign_in_as("a.cap_emploi")
    reply(sign_in_as("a.spst"), ask_of(world, "spst"), text=SPST_WORDS)
    reply(cap, ask_of(world, "cap_emploi"), "FAVOURABLE", CAP_WORDS)
    shown = page(cap, list_path(world))
    assert CAP_WORDS in shown
    assert SPST_WORDS not in shown


def test_a_revoked_question_disappears_and_leaves_a_trace(sign_in_as: SignIn, world: World) -> None:
    coordinator, cap = sign_in_as("a.coordinateur"), sign_in_as("a.cap_emploi")
    ask(coordinator, world, "spst", "cap_emploi")
    mine = ask_of(world, "cap_emploi")
    page(cap, f"/avis-demandes/{mine.public_id}")
    done = coordinator.post(f"/avis-demandes/{mine.public_id}/retrait", data={"version": mine.version})
    assert done.status_code == 303
    page(cap, f"/avis-demandes/{mine.public_id}", 404)
    assert QUESTION not in page(cap, list_path(world))
    assert "Question retirée" in page(coordinator, list_path(world))
    assert cap.post(f"/avis-demandes/{mine.public_id}", data={"version": 2, "value": "NONE"}).status_code == 404


def test_an_answered_question_cannot_be_revoked(sign_in_as: SignIn, world: World) -> None:
    coordinator = sign_in_as("a.coordinateur")
    ask(coordinator, world, "spst", "cap_emploi")
    asked = ask_of(world, "spst")
    reply(sign_in_as("a.spst"), asked, text=SPST_WORDS)
    refused = coordinator.post(f"/avis-demandes/{asked.public_id}/retrait", data={"version": asked.version + 1})
    assert refused.status_code == 422
    assert "déjà rendu" in refused.get_data(as_text=True)


def test_another_organisation_s_question_is_a_missing_page(sign_in_as: SignIn, world: World) -> None:
    ask(sign_in_as("a.coordinateur"), world, "spst")
    theirs = ask_of(world, "spst")
    for name in ("a.cap_emploi", "a.mdph", "b.spst", "b.coordinateur"):
        client = sign_in_as(name)
        page(client, f"/avis-demandes/{theirs.public_id}", 404)
        assert client.post(f"/avis-demandes/{theirs.public_id}", data={"value": "NONE"}).status_code == 404
    assert QUESTION not in page(sign_in_as("a.cap_emploi"), list_path(world))


def test_a_withdrawn_agreement_closes_the_question(sign_in_as: SignIn, world: World) -> None:
    ask(sign_in_as("a.coordinateur"), world, "cap_emploi")
    mine = ask_of(world, "cap_emploi")
    cap = sign_in_as("a.cap_emploi")
    page(cap, f"/avis-demandes/{mine.public_id}")
    with as_owner() as session:
        for agreement in session.scalars(
            select(SharingAgreement).where(SharingAgreement.case_id == world.case_id["a.shared"])
        ):
            agreement.withdrawn_on = clock.today()
    page(cap, f"/avis-demandes/{mine.public_id}", 404)
    page(cap, list_path(world), 404)


def test_two_people_of_one_organisation_lose_nothing(sign_in_as: SignIn, world: World) -> None:
    ask(sign_in_as("a.coordinateur"), world, "spst", "cap_emploi")
    mine, spst = ask_of(world, "spst"), sign_in_as("a.spst")
    reply(spst, mine, text=SPST_WORDS)
    stale = spst.post(
        f"/avis-demandes/{mine.public_id}", data={"version": mine.version, "value": "NONE", "text": "Trop tard"}
    )
    assert stale.status_code == 409
    assert "Trop tard" in stale.get_data(as_text=True)
    with as_owner() as session:
        assert [row.text for row in session.scalars(select(AdviceReply))] == [SPST_WORDS]


def test_only_organisations_that_share_the_request_are_offered(sign_in_as: SignIn, world: World) -> None:
    coordinator = sign_in_as("a.coordinateur")
    form = page(coordinator, f"{list_path(world)}/nouvelle")
    assert form.count('name="organisations"') == 2
    refused = ask(coordinator, world, "mdph")
    assert refused.status_code == 422
    assert "plus d’accord de partage" in refused.get_data(as_text=True)


@pytest.mark.parametrize("name", ["a.cap_emploi", "a.service_medical", "a.cpam", "a.dpo"])
def test_who_may_not_ask_finds_no_form(sign_in_as: SignIn, world: World, name: str) -> None:
    page(sign_in_as(name), f"{list_path(world)}/nouvelle", 404)


def test_more_time_and_its_limits(sign_in_as: SignIn, world: World) -> None:
    coordinator = sign_in_as("a.coordinateur")
    ask(coordinator, world, "spst", "cap_emploi", days=2)
    found = re.search(r"/avis-demandes/tour/([\w-]+)/echeance", page(coordinator, list_path(world)))
    assert found
    path = f"/avis-demandes/tour/{found[1]}/echeance"
    page(coordinator, path)
    sooner = coordinator.post(path, data={"version": 1, "due_on": clock.today().isoformat()})
    assert sooner.status_code == 422
    later = {"version": 1, "due_on": (clock.today() + timedelta(days=9)).isoformat()}
    assert coordinator.post(path, data=later).status_code == 303
    assert coordinator.post(path, data=later).status_code == 409


def test_declining_is_said_to_the_core(sign_in_as: SignIn, world: World) -> None:
    coordinator, cap = sign_in_as("a.coordinateur"), sign_in_as("a.cap_emploi")
    ask(coordinator, world, "cap_emploi")
    mine = ask_of(world, "cap_emploi")
    path = f"/avis-demandes/{mine.public_id}/declin"
    page(cap, path)
    assert cap.post(path, data={"version": mine.version}).status_code == 422
    assert cap.post(path, data={"version": mine.version, "reason": "Personne non suivie"}).status_code == 303
    assert "Personne non suivie" in page(coordinator, list_path(world))


def test_the_page_costs_the_same_for_one_round_as_for_six(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any]
) -> None:
    coordinator, counted = sign_in_as("a.coordinateur"), []
    for more in (1, 5):
        for _ in range(more):
            ask(coordinator, world, "spst", "cap_emploi")
        with count_queries() as seen:
            page(coordinator, list_path(world))
        counted.append(len(seen))
    assert counted[0] == counted[1]
