"""The pages of merging, walked as people do, and what they cost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pdp.merging import service
from pdp.policy.actor import Actor
from tests.merging.builders import add_duplicate, add_record
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
OPENING = {
    "family_name": "Lefevre",
    "given_name": "Anne",
    "birth_date": "05/03/1980",
    "source": "MEDICAL_ADVISER",
}


def test_two_people_merge_and_one_undoes(world: World, sign_in_as: SignIn) -> None:
    one, two = add_duplicate(world)
    social, manager = sign_in_as("a.service_social"), sign_in_as("a.manager")
    case = social.get(f"/dossiers/{one.case}")
    assert f"/dossiers/{one.case}/doublons" in case.text
    assert f"/doublons/{two.case}" in social.get(f"/dossiers/{one.case}/doublons").text
    address = f"/dossiers/{one.case}/doublons/{two.case}"
    page = social.get(address)
    version = page.text.split('name="version" value="')[1].split('"')[0]
    form = {"version": version, "reason": "Carte vue.", "family_name": "absorbed"}
    missing = social.post(address, data=form)
    assert missing.status_code == 422
    assert "Choisissez la valeur à conserver." in missing.text
    assert "Carte vue." in missing.text
    done = social.post(address, data=form | {"town": "kept"})
    assert done.status_code == 303
    merge = done.headers["Location"]
    assert "Confirmer la fusion" not in social.get(merge).text
    assert social.post(f"{merge}/confirmation").status_code == 404
    assert "Confirmer la fusion" in manager.get(merge).text
    assert manager.post(f"{merge}/confirmation").status_code == 303
    assert "Fusion faite" in manager.get("/fusions?etat=historique").text
    assert manager.get(f"{merge}/annulation").status_code == 200
    assert manager.post(f"{merge}/annulation", data={"reason": "Deux personnes."}).status_code == 303
    assert "Fusion annulée" in manager.get(merge).text
    # Too late to undo twice: said on the proposal's page, not an error.
    assert manager.get(f"{merge}/annulation").status_code == 303


def test_a_stale_comparison_keeps_what_was_typed(world: World, sign_in_as: SignIn) -> None:
    one, two = add_duplicate(world)
    answer = sign_in_as("a.service_social").post(
        f"/dossiers/{one.case}/doublons/{two.case}",
        data={"version": "ancienne", "reason": "Carte vue hier.", "family_name": "kept", "town": "kept"},
    )
    assert answer.status_code == 409
    assert "a changé pendant que vous compariez" in answer.text
    assert "Carte vue hier." in answer.text


def test_who_proposed_reads_why_they_may_not_confirm(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> None:
    one = add_record(world, "Roux", "Anne", date(1980, 3, 5))
    two = add_record(world, "Roux", "Anne", date(1980, 3, 5))
    manager = actor_of("a.manager")
    version = service.read_comparison(manager, one.case, two.case).version
    merge = service.propose_merge(manager, one.case, two.case, reason="m", version=version, choices={})
    answer = sign_in_as("a.manager").post(f"/fusions/{merge}/confirmation")
    assert answer.status_code == 422
    assert "une autre personne doit la confirmer" in answer.text


def test_an_opening_asks_about_who_resembles_and_links_only_by_choice(world: World, sign_in_as: SignIn) -> None:
    one, two = add_duplicate(world)
    social = sign_in_as("a.service_social")
    asked = social.post("/dossiers/nouveau", data=OPENING)
    assert asked.status_code == 422
    assert "Est-ce la même personne" in asked.text
    assert one.case in asked.text
    assert two.case in asked.text
    taken = social.post("/dossiers/nouveau", data=OPENING | {"same_as": two.case})
    assert taken.status_code == 422
    assert "Cette personne a déjà un dossier en cours" in taken.text
    assert social.post("/dossiers/nouveau", data=OPENING | {"same_as": "new"}).status_code == 303
    assert social.post("/dossiers/nouveau", data=OPENING | {"given_name": "Zoé"}).status_code == 303


@pytest.mark.parametrize("waiting", [True, False])
def test_lists_cost_the_same_for_five_rows_as_for_forty(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any], waiting: bool
) -> None:
    social, manager, costs = actor_of("a.service_social"), actor_of("a.manager"), []
    for rounds in (3, 12):
        for number in range(rounds):
            name = f"Roux{rounds}x{number}"
            one, two = (add_record(world, name, "Anne", date(1980, 3, 5)) for _ in range(2))
            if waiting:
                version = service.read_comparison(social, one.case, two.case).version
                service.propose_merge(social, one.case, two.case, reason="m", version=version, choices={})
        with count_queries() as seen:
            page = service.list_proposals(manager, waiting=True) if waiting else service.list_duplicates(manager)
        costs.append((len(seen), len(page.rows if waiting else page.pairs) > 2))  # type: ignore[union-attr]
    assert costs[0] == costs[1]
    assert costs[0][1]
