"""Accueil: each person finds what waits for them, at a constant cost, with one journal entry."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select

from pdp.audit.models import AuditEntry
from pdp.dispositifs.enums import Dispositif
from pdp.home.rules import Bucket, bucket
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from tests.advice import builders as advice
from tests.requests.build import ask as propose
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]

# Wednesday 4 March 2026: its week ends on Sunday the 8th.
TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 3), Bucket.LATE),
        (date(2026, 3, 4), Bucket.THIS_WEEK),
        (date(2026, 3, 8), Bucket.THIS_WEEK),
        (date(2026, 3, 9), Bucket.LATER),
    ],
)
def test_the_week_ends_on_sunday(day: date, expected: Bucket) -> None:
    assert bucket(day, TODAY) is expected


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home_page(sign_in_as: SignIn, world: World, role: Role) -> None:
    page = sign_in_as(f"a.{role}").get("/")
    assert page.status_code == 200
    assert "Ce qui vous attend" in page.get_data(as_text=True)


def test_the_triage_counter_leads_to_its_list(sign_in_as: SignIn, world: World) -> None:
    page = sign_in_as("a.csam").get("/").get_data(as_text=True)
    assert "Dossier à trier" in page
    assert "/dossiers?stage=triage" in page


def test_a_partner_is_told_only_of_what_is_shared(sign_in_as: SignIn, world: World) -> None:
    page = sign_in_as("a.cap_emploi").get("/").get_data(as_text=True)
    assert "Dossiers partagés" in page
    assert "NomAlone" not in page
    assert "2026-0001" not in page


def test_opening_the_page_is_one_journal_entry(sign_in_as: SignIn, world: World) -> None:
    sign_in_as("a.service_social").get("/")
    with as_owner() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "home.read")).all()
    assert len(entries) == 1
    assert entries[0].user_id == world.user["a.service_social"]


def test_the_page_costs_a_constant_number_of_statements(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client = sign_in_as("a.coordinateur")
    client.get("/")
    with count_queries() as statements:
        client.get("/")
    work = [text for text in statements if "user_session" not in text]
    # Memberships of the visitor, then: counters, séance, pieces, arrêts, actions, advice, rights, and the journal’s.
    assert len(work) <= 13, "\n".join(work)


def test_a_question_put_to_a_partner_waits_on_both_home_pages(sign_in_as: SignIn, world: World) -> None:
    with as_owner():
        advice.add(world, "a")
    asked = "Un avis est demandé à votre organisme"
    assert asked in sign_in_as("a.cap_emploi").get("/").get_data(as_text=True)
    assert asked not in sign_in_as("a.spst").get("/").get_data(as_text=True)
    for name in ("a.coordinateur", "a.service_social", "a.manager"):
        page = sign_in_as(name).get("/").get_data(as_text=True)
        assert page.count("sans réponse") == 1, name
        assert "Attendu de\u00a0: Cap emploi" in page
    assert "sans réponse" not in sign_in_as("a.service_social_2").get("/").get_data(as_text=True)


def test_a_proposal_waits_for_who_answers_for_the_case(
    sign_in_as: SignIn, world: World, actor_of: Callable[[str], Actor]
) -> None:
    propose(actor_of("a.cap_emploi"), world, dispositif=Dispositif.PMSMP)
    for name, expected in (("a.service_social", True), ("a.manager", True), ("a.cpam", False), ("a.spst", False)):
        page = sign_in_as(name).get("/").get_data(as_text=True)
        assert ("Un partenaire propose" in page) is expected, name
