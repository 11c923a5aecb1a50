"""The register holds every file that left towards a partner, and its organisation is asked to destroy them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pdp.cases import service as cases
from pdp.consent import service
from pdp.consent.enums import RecallState
from pdp.consent.models import Departure, Recall, SharingAgreement
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.errors import NotFound, RuleViolation
from pdp.minutes import service as minutes
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from tests.consent import builders
from tests.minutes import seance
from tests.support.client import StrictClient
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
WORDS = ("NomShared", "PrénomShared", "2026-0002", "P.\u00a0N.", "NomAlone")


def _departures(world: World, key: str = "a.shared") -> list[Departure]:
    with as_owner() as session:
        wanted = select(Departure).where(Departure.case_id == world.case_id[key]).order_by(Departure.id)
        return list(session.scalars(wanted))


def _withdraw(world: World, actor: Actor, organisation: str = "a.cap_emploi") -> None:
    with as_owner() as session:
        wanted = select(SharingAgreement).where(
            SharingAgreement.case_id == world.case_id["a.shared"],
            SharingAgreement.organisation_id == world.organisation[organisation],
            SharingAgreement.withdrawn_on.is_(None),
        )
        agreement = session.scalars(wanted).one()
    cases.withdraw_agreement(actor, world.case["a.shared"], agreement.public_id, version=agreement.version)


@pytest.fixture
def downloaded(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> int:
    """Cap emploi and the SPST download their minutes, the core its own; return how many files left."""
    held = seance.hold(world)
    minutes.compose_minutes(actor_of("a.coordinateur"), held.meeting)
    seance.deliver()
    left = 0
    for person, formats in (("a.cap_emploi", ("pdf", "odt")), ("a.spst", ("docx",)), ("a.cpam", ("pdf",))):
        version = minutes.read_minutes(actor_of(person), held.meeting).versions[0].public_id
        for file_format in formats:
            address = f"/seances/{held.meeting}/proces-verbal/{version}/{file_format}"
            assert sign_in_as(person).get(address).status_code == 200
            left += person != "a.cpam"
    return left


def test_every_file_that_left_is_in_the_register(
    downloaded: int, world: World, sign_in_as: SignIn, figure: Figure
) -> None:
    rows = _departures(world)
    assert [(row.user_id, row.organisation_id) for row in rows] == [
        (world.user["a.cap_emploi"], world.organisation["a.cap_emploi"]),
        (world.user["a.cap_emploi"], world.organisation["a.cap_emploi"]),
        (world.user["a.spst"], world.organisation["a.spst"]),
    ]
    assert all(re.fullmatch(r"PV n° \d{4}-\d\d \((PDF|ODT|DOCX)\), [0-9a-f]{12}", row.object_version) for row in rows)
    assert _departures(world, "a.alone") == []
    page = sign_in_as("a.service_social").get(f"/dossiers/{world.case['a.shared']}/partage").get_data(as_text=True)
    listed = sum(page.count(row.object_version) for row in rows)
    assert listed == downloaded == 3
    figure("sharing.register", f"{listed} of {downloaded} departures listed")


def test_a_partner_does_not_read_the_register(downloaded: int, world: World, sign_in_as: SignIn) -> None:
    page = sign_in_as("a.spst").get(f"/dossiers/{world.case['a.shared']}/partage").get_data(as_text=True)
    assert "Ce qui est sorti" not in page
    assert "PV n°" not in page


def test_a_partner_is_told_that_an_agreement_is_over_not_why(world: World, sign_in_as: SignIn) -> None:
    builders.add(world, "a")
    page = sign_in_as("a.cap_emploi").get(f"/dossiers/{world.case['a.shared']}/partage").get_data(as_text=True)
    assert "Terminé" in page
    for hidden in ("Retiré", "Motif du retrait", "par écrit", "Témoin de l’accord", "Recueilli par"):
        assert hidden not in page, hidden


def test_a_withdrawal_asks_to_destroy_what_left_and_says_nothing_of_the_case(
    downloaded: int, world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    _withdraw(world, actor_of("a.service_social"))
    with as_owner() as session:
        recall = session.scalars(select(Recall)).one()
        told = set(session.scalars(select(Notice.user_id).where(Notice.kind == NoticeKind.RECALL_ASKED)))
    assert (recall.organisation_id, recall.state) == (world.organisation["a.cap_emploi"], RecallState.ASKED)
    assert recall.due_on == clock.today() + timedelta(days=15)
    assert told == {world.user["a.cap_emploi"]}
    client = sign_in_as("a.cap_emploi")
    for address in ("/rappels", f"/rappels/{recall.public_id}"):
        page = client.get(address).get_data(as_text=True)
        assert not [word for word in WORDS if word in page]
    assert page.count("PV n°") == 2
    for other in ("a.spst", "b.cap_emploi"):
        assert sign_in_as(other).get(f"/rappels/{recall.public_id}").status_code == 404
    assert sign_in_as("a.service_social").get("/rappels").status_code == 404


def test_the_answer_of_the_partner_is_shown_to_the_referent(
    downloaded: int, world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    _withdraw(world, actor_of("a.service_social"))
    client, partner = sign_in_as("a.cap_emploi"), actor_of("a.cap_emploi")
    recall = service.list_recalls(partner)[0].public_id
    kept = client.post(f"/rappels/{recall}", data={"version": "1", "answer": "kept"})
    assert kept.status_code == 422
    assert "sur quel fondement" in kept.get_data(as_text=True)
    assert client.post(f"/rappels/{recall}", data={"version": "1", "answer": "destroyed"}).status_code == 303
    with pytest.raises(RuleViolation, match="déjà"):
        service.answer_recall(partner, recall, version=2, destroyed=True)
    page = sign_in_as("a.service_social").get(f"/dossiers/{world.case['a.shared']}/partage").get_data(as_text=True)
    assert "Détruit" in page
    assert "Cap EssaiA, le" in page


def test_a_withdrawal_with_nothing_taken_out_asks_nothing(world: World, actor_of: ActorOf) -> None:
    _withdraw(world, actor_of("a.service_social"), "a.spst")
    with as_owner() as session:
        assert session.scalars(select(Recall)).all() == []


def test_a_recall_past_its_day_is_shown_late_to_both(world: World, sign_in_as: SignIn) -> None:
    builders.add(world, "a")
    for person, address in (
        ("a.service_social", f"/dossiers/{world.case['a.shared']}/partage"),
        ("a.cap_emploi", "/rappels"),
    ):
        assert "En retard" in sign_in_as(person).get(address).get_data(as_text=True)


def test_the_home_page_of_the_partner_leads_to_what_it_must_destroy(world: World, sign_in_as: SignIn) -> None:
    assert "à confirmer" not in sign_in_as("a.cap_emploi").get("/").get_data(as_text=True)
    builders.add(world, "a")
    page = sign_in_as("a.cap_emploi").get("/").get_data(as_text=True)
    assert "Destruction à confirmer" in page
    assert 'href="/rappels"' in page
    assert "à confirmer" not in sign_in_as("a.spst").get("/").get_data(as_text=True)


def test_a_recall_of_another_organisation_is_missing(world: World, actor_of: ActorOf) -> None:
    builders.add(world, "a")
    with as_owner() as session:
        recall = session.scalars(select(Recall.public_id)).one()
    for person in ("a.spst", "b.cap_emploi"):
        with pytest.raises(NotFound):
            service.answer_recall(actor_of(person), recall, version=1, destroyed=True)


@pytest.mark.parametrize("table", ["departure", "agenda_trace"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET public_id = 'x'", "DELETE FROM {}"])
def test_the_register_and_the_trace_can_only_be_added_to(
    database: Database, world: World, table: str, verb: str
) -> None:
    builders.add(world, "a")
    with pytest.raises(DBAPIError, match="append-only"), owner_of(database).engine.begin() as connection:
        connection.execute(text(verb.format(table)))
