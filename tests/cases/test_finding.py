"""Cases are searched and listed; who did what is read in their journal."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pdp.accounts.models import Organisation
from pdp.cases import queries, service
from pdp.cases.enums import Axis, Stage
from pdp.cases.models import Case
from pdp.cases.rules.search import understand
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.dispositifs.enums import StatusGroup
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.cases.seen import NIR, PEOPLE, PERSON, ActorOf, entries
from tests.support.databases import as_owner
from tests.support.world import World


def names(actor: Actor, **filters: Any) -> list[str]:
    page = service.list_cases(actor, queries.CaseFilters(**filters))
    return [row.name or row.initials for row in page.rows]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("nomshared", 1),
        ("PRENOM", 8),
        ("prénom nomtriage", 1),
        ("2026-0002", 1),
        ("2026-000", 8),
        ("%", 0),
        ("inconnu", 0),
    ],
)
def test_the_core_searches_by_name_and_reference(term: str, found: int, world: World, actor_of: ActorOf) -> None:
    search = understand(term)
    actor = actor_of("a.cpam")
    assert len(names(actor, search=search) if search else []) == found


def test_a_partner_without_the_identity_finds_by_reference_only(world: World, actor_of: ActorOf) -> None:
    partner = actor_of("a.cap_emploi")
    # Two cases are shared, one with its identity: a partner's list holds initials all the same.
    assert names(partner) == ["P.\u00a0N.", "P.\u00a0N."]
    assert names(partner, search=understand("nompartial")) == []
    assert names(partner, search=understand("nomshared")) == ["P.\u00a0N."]
    assert names(partner, search=understand("2026-0006")) == ["P.\u00a0N."]
    assert names(partner, search=understand("2026-0001")) == []
    assert names(partner, group=StatusGroup.SALARIE) == ["P.\u00a0N."]
    assert names(partner, axis=Axis.PDP) == []


def test_only_those_who_read_the_number_find_by_it(world: World, actor_of: ActorOf) -> None:
    service.open_case(actor_of("a.service_social"), **PERSON, nir=NIR)
    search = understand(NIR)
    short = understand(NIR[:-3])
    found = {role for role in PEOPLE if role != "mdph" and names(actor_of(f"a.{role}"), search=search)}
    assert found == {"service_social", "manager", "service_medical", "cpam", "csam"}
    assert names(actor_of("a.cpam"), search=short) == ["Éloïse Le Gall"]


def test_facets_combine_and_the_list_leaves_one_entry_without_the_term(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    page = service.list_cases(actor, queries.CaseFilters(stage=Stage.TRIAGE, mine=True, search=understand("nom")))
    assert [row.reference for row in page.rows] == ["2026-0007"]
    assert page.counts == {Stage.OPEN: 6, Stage.TRIAGE: 1, Stage.CLOSED: 1}
    listed = entries("case.list")
    assert len(listed) == 1
    assert listed[0].detail is not None
    assert listed[0].detail["search"] == "name"
    assert "nom" not in str(listed[0].detail.values())


def test_pages_follow_each_other_without_a_gap_or_a_double(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    # Over two days: an account opens no more than sixty cases in one.
    for number in range(95):
        with clock.acting_at(clock.now() - timedelta(days=number < 48)):
            service.open_case(actor, **PERSON)
    seen, after = [], None
    for _ in range(3):
        page = service.list_cases(actor, queries.CaseFilters(), after)
        seen += [row.public_id for row in page.rows]
        after = page.next
    assert after is None
    assert len(seen) == len(set(seen)) == 103


def test_one_reads_one_s_own_entries_and_the_coordinator_all_of_them(world: World, actor_of: ActorOf) -> None:
    case_id = world.case["a.shared"]
    social, partner, coordinator = (actor_of(f"a.{role}") for role in ("service_social", "cap_emploi", "coordinateur"))
    service.read_case(social, case_id, part="summary")
    service.read_case(partner, case_id, part="sharing")
    assert [row.name for row in service.read_journal(partner, case_id)[1]] == ["Cap EssaiA"]
    _, rows = service.read_journal(coordinator, case_id)
    assert [(row.name, row.detail["part"]) for row in rows] == [
        ("Cap EssaiA", "journal"),
        ("Cap EssaiA", "sharing"),
        ("Service EssaiA", "summary"),
    ]


def test_the_note_of_a_sensitive_partner_is_read_without_its_author_s_name(world: World, actor_of: ActorOf) -> None:
    with as_owner() as session:
        session.get_one(Organisation, world.organisation["a.spst"]).sensitive = True
        agreements = session.scalars(
            select(SharingAgreement).where(SharingAgreement.case_id == world.case_id["a.shared"])
        )
        for agreement in agreements:
            agreement.labels = frozenset({Label.IDENTITY, Label.EMPLOYMENT})
    service.add_note(actor_of("a.spst"), world.case["a.shared"], label=Label.EMPLOYMENT, text="Poste à adapter.")
    authors = {}
    for name in ("spst", "cap_emploi", "coordinateur"):
        _, notes = service.read_support(actor_of(f"a.{name}"), world.case["a.shared"])
        [authors[name]] = [note.author for note in notes if note.text == "Poste à adapter."]
    assert authors == {"spst": "Spst EssaiA", "cap_emploi": "Un partenaire", "coordinateur": "Spst EssaiA"}


def test_who_changed_a_block_for_a_sensitive_partner_is_not_named_to_the_csam(world: World, actor_of: ActorOf) -> None:
    case_id, partner = world.case["a.shared"], actor_of("a.cap_emploi")
    opened = service.read_block(partner, case_id, "boeth")
    service.edit_block(partner, case_id, "boeth", version=opened.version, **opened.values)
    with as_owner() as session:
        session.get_one(Organisation, world.organisation["a.cap_emploi"]).sensitive = True
        session.get_one(Case, world.case_id["a.shared"]).stage = Stage.TRIAGE
    assert service.read_block(actor_of("a.csam"), case_id, "boeth").changed_by == "Un partenaire"
    assert service.read_block(actor_of("a.service_social"), case_id, "boeth").changed_by == "Cap EssaiA"
