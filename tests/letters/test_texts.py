"""The texts of a cellule: versions kept, nothing deleted, and where they are offered."""

import html
from collections.abc import Callable

import pytest

from pdp.core import db
from pdp.core.errors import Conflict, DomainError, InvalidInput
from pdp.dispositifs.enums import Dispositif
from pdp.letters import service
from pdp.letters.enums import TextKind
from pdp.meetings import hooks
from pdp.meetings.hooks import PhraseUse
from pdp.policy.actor import Actor
from tests.support.client import StrictClient
from tests.support.world import World

ActorOf = Callable[[str], Actor]
CODE = "reserves-visite"


def offered(actor: Actor, dispositif: Dispositif = Dispositif.BILAN_COMPETENCES) -> set[str]:
    with db.reading(actor):
        found = hooks.list_phrases(actor.cellule_id, dispositif)
    return {phrase.text for phrase in found[PhraseUse.CONDITIONS]}


def test_each_version_of_a_text_is_kept_and_the_last_one_is_offered(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    shipped, _ = service.read_text(actor, CODE)
    assert shipped.body in offered(actor)
    values = {"kind": TextKind.CONDITIONS, "title": "Visite", "body": "La visite a lieu avant."}
    service.save_text(actor, CODE, edition=0, **values)
    assert "La visite a lieu avant." in offered(actor)
    assert shipped.body not in offered(actor)
    with pytest.raises(Conflict):
        service.save_text(actor, CODE, edition=0, **values)
    service.save_text(actor, CODE, edition=1, active=False, **values)
    assert "La visite a lieu avant." not in offered(actor)
    _, versions = service.read_text(actor, CODE)
    assert [(version.text.edition, version.text.active) for version in versions] == [(2, False), (1, True), (0, True)]
    assert [version.saved_by for version in versions] == ["Coordinateur EssaiA", "Coordinateur EssaiA", ""]
    # The other cellule keeps the shipped one.
    assert shipped.body in offered(actor_of("b.coordinateur"))


def test_a_text_of_a_dispositif_is_offered_for_it_alone(actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    own = "Le tuteur est désigné dans l’entreprise avant le premier jour, et les tâches confiées sont écrites."
    assert own in offered(actor, Dispositif.ESSAI_ENCADRE)
    assert own not in offered(actor)


def test_a_template_that_asks_for_more_is_refused(actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    with pytest.raises(InvalidInput) as refusal:
        service.save_text(actor, "courrier-employeur", title="Objet", body="{{dispositif}} {{personne}} {{avis}}")
    assert "{{avis}} n’existe pas" in refusal.value.errors["body"][0]


def test_the_coordination_alone_writes_the_texts(actor_of: ActorOf) -> None:
    for name in ("a.service_social", "a.cpam", "a.cap_emploi", "a.dpo"):
        with pytest.raises(DomainError):
            service.save_text(actor_of(name), CODE, kind=TextKind.CONDITIONS, title="T", body="B")


def test_a_template_is_previewed_on_a_made_up_case_then_saved(sign_in_as: Callable[[str], StrictClient]) -> None:
    client = sign_in_as("a.coordinateur")
    assert "/cellule/textes/courrier-refus" in client.get("/cellule/textes").get_data(as_text=True)
    address = "/cellule/textes/courrier-refus"
    assert "La durée demandée dépasse celle que le texte permet." in client.get(address).get_data(as_text=True)
    typed = {
        "title": "Refus",
        "body": "Bonjour {{personne}}. {{dispositif}} {{decideur}} {{motifs_refus}} {{voies_recours}}",
    }
    page = client.post(address, data=typed | {"act": "preview", "edition": "0"}).get_data(as_text=True)
    assert "Bonjour Camille Exemple." in page
    assert "version d’origine" in page
    answer = client.post(address, data={"title": "Refus", "body": "{{nir}}", "act": "save", "edition": "0"})
    assert answer.status_code == 422
    page = html.unescape(answer.get_data(as_text=True))
    assert "{{nir}} n’existe pas dans ce courrier" in page
    assert client.post(address, data=typed | {"act": "save", "edition": "0"}).status_code == 303
    assert "version 1" in client.get(address).get_data(as_text=True)
    stale = client.post(address, data=typed | {"title": "Autre objet", "act": "save", "edition": "0"})
    assert stale.status_code == 409
    page = stale.get_data(as_text=True)
    assert "Autre objet" in page
    assert "Rien n’est perdu" in page
