"""Restricted cases: only the referent and the named readers know that they exist."""

from collections.abc import Callable
from datetime import date

import pytest

from pdp.cases import queries, service
from pdp.cases.enums import RestrictionReason, SignalSource
from pdp.cases.models import Case, CaseReader, InsuredPerson
from pdp.cases.rules.nir import NIR_COLUMN
from pdp.core.crypto import blind_index
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.policy.actor import Actor
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]


def _version(world: World, name: str = "a.shared") -> int:
    with as_owner() as session:
        return session.get_one(Case, world.case_id[name]).version


def restrict(world: World, actor: Actor, *people: str, organisations: tuple[str, ...] = ()) -> None:
    """Restrict the shared case of the first cellule to these people."""
    service.restrict_case(
        actor,
        world.case["a.shared"],
        reason=RestrictionReason.COLLEAGUE,
        people=[world.membership[f"a.{name}"] for name in people],
        organisations=organisations,
        version=_version(world),
    )


def _public(world: World, kind: str) -> str:
    from pdp.accounts.models import Organisation

    with as_owner() as session:
        return session.get_one(Organisation, world.organisation[kind]).public_id


def test_only_the_referent_and_the_readers_open_a_restricted_case(world: World, actor_of: ActorOf) -> None:
    restrict(world, actor_of("a.service_social"), "service_medical", "coordinateur")
    for name in ("service_social", "service_medical", "coordinateur"):
        assert service.read_case(actor_of(f"a.{name}"), world.case["a.shared"], part="summary").reference
    for name in ("manager", "cpam", "service_social_2", "service_medical_2", "csam", "spst", "cap_emploi"):
        with pytest.raises(NotFound):
            service.read_case(actor_of(f"a.{name}"), world.case["a.shared"], part="summary")


def test_a_restricted_case_leaves_no_sign_in_lists_counts_and_search(
    world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    client = sign_in_as("a.cpam")
    before = service.list_cases(actor_of("a.cpam"), queries.CaseFilters())
    restrict(world, actor_of("a.service_social"))
    after = service.list_cases(actor_of("a.cpam"), queries.CaseFilters())
    assert (len(after.rows), after.total) == (len(before.rows) - 1, before.total - 1)
    for path in ("/dossiers", "/dossiers?q=2026-0002", "/dossiers?q=nomshared", "/"):
        assert "2026-0002" not in client.get(path).get_data(as_text=True).replace('value="2026-0002"', "")
    hidden, missing = client.get(f"/dossiers/{world.case['a.shared']}"), client.get("/dossiers/aucun")
    assert (hidden.status_code, missing.status_code) == (404, 404)


def test_a_partner_keeps_its_agreement_only_when_its_organisation_is_named(world: World, actor_of: ActorOf) -> None:
    restrict(world, actor_of("a.service_social"), organisations=(_public(world, "a.cap_emploi"),))
    assert service.read_case(actor_of("a.cap_emploi"), world.case["a.shared"], part="summary").reference
    with pytest.raises(NotFound):
        service.read_case(actor_of("a.spst"), world.case["a.shared"], part="summary")


def test_a_reader_taken_off_loses_the_case_at_once_and_the_row_keeps_the_dates(
    world: World, actor_of: ActorOf
) -> None:
    restrict(world, actor_of("a.service_social"), "cpam")
    assert service.read_case(actor_of("a.cpam"), world.case["a.shared"], part="summary").restricted
    restrict(world, actor_of("a.service_social"), "service_medical")
    with pytest.raises(NotFound):
        service.read_case(actor_of("a.cpam"), world.case["a.shared"], part="summary")
    with as_owner() as session:
        ended = session.query(CaseReader).filter(CaseReader.ended_at.is_not(None)).one()
    assert ended.user_id == world.user["a.cpam"]
    assert ended.ended_by_id == world.user["a.service_social"]


def test_the_manager_who_restricts_stays_a_reader(world: World, actor_of: ActorOf) -> None:
    restrict(world, actor_of("a.manager"))
    assert service.read_case(actor_of("a.manager"), world.case["a.shared"], part="summary").can_restrict


def test_a_colleague_who_is_neither_referent_nor_manager_decides_nothing(world: World, actor_of: ActorOf) -> None:
    with pytest.raises(RuleViolation, match="Seuls le référent"):
        restrict(world, actor_of("a.service_social_2"))


def test_lifting_opens_the_case_again(world: World, actor_of: ActorOf) -> None:
    restrict(world, actor_of("a.service_social"))
    with pytest.raises(Conflict):
        service.lift_restriction(actor_of("a.service_social"), world.case["a.shared"], version=1)
    service.lift_restriction(actor_of("a.service_social"), world.case["a.shared"], version=_version(world))
    assert not service.read_case(actor_of("a.cpam"), world.case["a.shared"], part="summary").restricted


def test_an_unknown_reader_is_refused(world: World, actor_of: ActorOf) -> None:
    for name in ("a.spst", "b.cpam", "a.dpo"):
        with pytest.raises(InvalidInput):
            service.restrict_case(
                actor_of("a.service_social"),
                world.case["a.shared"],
                reason=RestrictionReason.OTHER,
                people=[world.membership[name]],
                version=_version(world),
            )


def test_the_page_restricts_names_and_lifts(world: World, sign_in_as: SignIn) -> None:
    client, path = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}"
    page = client.get(f"{path}/acces-restreint").get_data(as_text=True)
    assert "Point à huis clos" in page
    assert f'value="{world.membership["a.cpam"]}"' in page
    empty = client.post(f"{path}/acces-restreint", data={"version": _version(world)})
    assert empty.status_code == 422
    form = {"version": _version(world), "reason": "COLLEAGUE", "people": [world.membership["a.cpam"]]}
    answer = client.post(f"{path}/acces-restreint", data=form, follow_redirects=True)
    assert "Accès restreint aux lecteurs nommés" in answer.get_data(as_text=True)
    chosen = client.get(f"{path}/acces-restreint").get_data(as_text=True)
    assert f'value="{world.membership["a.cpam"]}" checked' in chosen
    client.post(f"{path}/acces-restreint/levee", data={"version": _version(world)})
    assert "Accès restreint" not in client.get(path).get_data(as_text=True)


def test_opening_a_case_for_the_same_number_tells_nothing_of_a_restricted_one(world: World, actor_of: ActorOf) -> None:
    nir = "255081416802538"
    person = {
        "family_name": "Martin",
        "given_name": "Anne",
        "birth_date": date(1980, 1, 2),
        "source": SignalSource.SELF,
    }
    with as_owner() as session:
        known = session.get_one(Case, world.case_id["a.shared"])
        row = session.get_one(InsuredPerson, known.person_id)
        row.nir, row.nir_index, row.town = nir, blind_index(nir, NIR_COLUMN), "QXTOWN"
    with pytest.raises(RuleViolation, match="2026-0002"):
        service.open_case(actor_of("a.csam"), **person, nir=nir)
    restrict(world, actor_of("a.service_social"))
    opened = service.open_case(actor_of("a.csam"), **person, nir=nir)
    view = service.read_case(actor_of("a.csam"), opened, part="summary")
    assert view.identity is not None
    assert (view.identity.family_name, view.identity.town) == ("Martin", "")
    assert view.nir is not None
    assert view.nir.replace("\u00a0", "") == nir
