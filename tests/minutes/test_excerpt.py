"""The excerpt of a case: its points alone, for who may read the version that it is cut from."""

from collections.abc import Callable

import pytest

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.minutes import service
from pdp.policy.actor import Actor
from tests.minutes import seance
from tests.minutes.extract import words
from tests.minutes.test_sending import composed, send
from tests.minutes.test_service import change_agreements
from tests.support.client import StrictClient
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def links(actor: Actor, world: World, case: str) -> list[tuple[str, bool]]:
    with db.reading(actor) as session:
        row = session.get_one(Case, world.case_id[case])
        return [(link.version_id, link.is_sent) for link in service.find_excerpts(actor, row)]


def text_of(actor: Actor, version: str, case: str) -> str:
    return words("pdf", service.read_excerpt(actor, version, case).body)


def test_each_reader_finds_the_excerpt_of_its_own_version(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    core, partner, shared = actor_of("a.cpam"), actor_of("a.cap_emploi"), world.case["a.shared"]
    assert links(core, world, "a.shared") == [(versions["Version complète"], False)]
    assert links(partner, world, "a.shared") == []
    send(coordinator, meeting, versions["Version complète"], versions["Cap emploi"])
    assert links(core, world, "a.shared") == [(versions["Version complète"], True)]
    assert links(partner, world, "a.shared") == [(versions["Cap emploi"], True)]
    whole, reduced = (
        text_of(core, versions["Version complète"], shared),
        text_of(partner, versions["Cap emploi"], shared),
    )
    assert "QXTALKSHARED" in whole
    assert "QXTALKSHARED" not in reduced
    for text in (whole, reduced):
        assert "QXASKEDSHARED" in text
        assert [word for word in seance.ALONE_WORDS if word in text] == []
    for version, case in (
        (versions["Cap emploi"], world.case["a.alone"]),
        (versions["Version complète"], shared),
        (versions["Service de prévention et de santé au travail"], shared),
        ("inconnue", shared),
    ):
        with pytest.raises(NotFound):
            service.read_excerpt(partner, version, case)
    change_agreements(world, "a.shared", withdrawn_on=clock.today())
    with pytest.raises(NotFound, match="ne vous est plus ouverte"):
        service.read_excerpt(partner, versions["Cap emploi"], shared)


def test_the_excerpt_is_reached_from_the_pieces_of_the_case(
    world: World, actor_of: ActorOf, sign_in_as: Callable[[str], StrictClient]
) -> None:
    _, _, versions = composed(actor_of, world)
    client, case = sign_in_as("a.service_social"), world.case["a.shared"]
    page = client.get(f"/dossiers/{case}/pieces").get_data(as_text=True)
    address = f"/dossiers/{case}/extraits/{versions['Version complète']}"
    assert address in page
    assert "Procès-verbal non envoyé" in page
    seance.deliver()
    assert "Avis notifié" in client.get(f"/dossiers/{case}/pieces").get_data(as_text=True)
    assert client.get(address).mimetype == "application/pdf"
