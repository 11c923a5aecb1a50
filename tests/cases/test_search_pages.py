"""Searching by name leaves no name in any address, and works with links, pages and filters all the same."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from pdp.cases.service.searching import open_term, seal_term
from pdp.policy.actor import Actor
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]


def search(client: StrictClient, **typed: str) -> TestResponse:
    answer = client.post("/dossiers", data=typed)
    assert answer.status_code == 303
    return answer


def references(page: str) -> set[str]:
    return set(re.findall(r'class="cell-sub ref">(2026-\d{4})', page))


def test_a_name_typed_is_found_and_stands_in_no_address(
    world: World, sign_in_as: SignIn, figure: Callable[[str, object], None]
) -> None:
    client, addresses = sign_in_as("a.service_social"), []
    for typed in ("NomShared", "prénomshared", "nomshared PRENOM", "Nom"):
        answer = search(client, q=typed)
        page = client.get(answer.location).get_data(as_text=True)
        assert "2026-0002" in references(page)
        assert f'value="{typed}"' in page, "the field keeps what was typed"
        addresses += [answer.location, *re.findall(r'(?:href|action)="([^"]*)"', page)]
    spilled = [address for address in addresses if re.search(r"nom(?!in)", address, re.IGNORECASE)]
    assert spilled == []
    figure("search.addresses", f"{len(addresses)} addresses around 4 searches by name, 0 hold a name")


def test_the_term_follows_filters_stages_and_the_export(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    answer = search(client, q="nom", axe="PDP", statut="salarie", miens="1", etape="open")
    asked = parse_qs(urlsplit(answer.location).query)
    assert {name: values[0] for name, values in asked.items() if name != "recherche"} == {
        "etape": "open",
        "axe": "PDP",
        "statut": "salarie",
        "miens": "1",
    }
    page = client.get(answer.location).get_data(as_text=True)
    followed = [address for address in re.findall(r'href="(/dossiers[^"]*)"', page) if "recherche=" in address]
    # Five stages, and the export.
    assert len(followed) == 6


def test_what_is_no_word_of_ours_never_reaches_the_address(world: World, sign_in_as: SignIn) -> None:
    answer = search(sign_in_as("a.cpam"), q="", etape="NomShared", axe="NomShared", statut="x", miens="NomShared")
    assert answer.location == "/dossiers"


@pytest.mark.parametrize("other", ["a.cpam", "b.service_social", "a.service_social_2"])
def test_a_sealed_term_opens_for_one_membership_only(other: str, world: World, actor_of: ActorOf) -> None:
    sealed = seal_term(actor_of("a.service_social"), "NomShared")
    assert open_term(actor_of("a.service_social"), sealed) == "NomShared"
    assert open_term(actor_of(other), sealed) == ""


@pytest.mark.parametrize("forged", ["", "x", "NomShared", "é", "A" * 300, "%00", "AgE" + "A" * 80])
def test_a_forged_term_looks_for_nothing(forged: str, world: World, actor_of: ActorOf) -> None:
    assert open_term(actor_of("a.cpam"), forged) == ""


def test_sealed_terms_tell_neither_length_nor_repetition(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.cpam")
    sealed = [seal_term(actor, term) for term in ("a", "NomShared", "NomShared", "x" * 100)]
    assert len({len(term) for term in sealed}) == 1
    assert len(set(sealed)) == 4


def test_a_term_that_cannot_be_read_is_shown_again_with_its_error(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.cpam").post("/dossiers", data={"q": "x" * 101})
    assert answer.status_code == 422
    assert "100 caractères au plus." in answer.get_data(as_text=True)
