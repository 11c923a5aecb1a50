"""A case is opened: its person, its number, its reference, and what is refused."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from pdp.cases import service
from pdp.cases.enums import Axis, CaseMove, Stage, StoppageOrigin, TriState
from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import PersonStatus, StatusGroup
from tests.cases.seen import NIR, PERSON, ActorOf, entries, stored, version
from tests.support.databases import as_owner
from tests.support.world import World


def test_a_case_opens_with_person_activity_and_arret(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    case_id = service.open_case(
        actor,
        **PERSON,
        nir=NIR,
        axis=Axis.PDP,
        take_charge=True,
        activity_status=PersonStatus.SE_CRAFT,
        post="Menuisier",
        stoppage_starts_on=clock.today() - timedelta(days=10),
        stoppage_prescribed_end=clock.today() + timedelta(days=5),
        stoppage_origin=StoppageOrigin.ILLNESS,
        stoppage_indemnified=TriState.YES,
    )
    view = service.read_case(actor, case_id, part="summary")
    assert view.stage is Stage.OPEN
    assert view.is_referent
    assert view.name == "Éloïse Le Gall"
    assert view.nir is not None
    assert view.nir.replace("\u00a0", "") == "185057800608491"
    assert view.groups == (StatusGroup.TI,)
    assert view.stoppages is not None
    assert view.stoppages.since == clock.today() - timedelta(days=10)
    opened = entries("case.open")
    assert len(opened) == 1
    assert opened[0].detail == {"source": "SELF", "stage": "open"}


def test_the_number_is_stored_sealed_and_found_by_its_blind_index_only(world: World, actor_of: ActorOf) -> None:
    service.open_case(actor_of("a.csam"), **PERSON, nir=NIR)
    with as_owner() as session:
        raw = session.connection().exec_driver_sql("SELECT nir, nir_index FROM insured_person WHERE nir IS NOT NULL")
        sealed, index = raw.one()
    assert b"185057800608491" not in bytes(sealed)
    assert "1850578" not in index


def test_references_follow_each_other_within_the_cellule_and_the_year(world: World, actor_of: ActorOf) -> None:
    year = clock.today().year
    first = service.open_case(actor_of("a.service_social"), **PERSON)
    second = service.open_case(actor_of("a.csam"), **PERSON)
    other = service.open_case(actor_of("b.service_social"), **PERSON)
    numbers = [int(stored(case_id).reference.removeprefix(f"{year}-")) for case_id in (first, second, other)]
    assert numbers[1] == numbers[0] + 1
    assert numbers[2] == numbers[0]


def test_cases_opened_at_once_get_different_references(world: World, actor_of: ActorOf) -> None:
    actor, failures = actor_of("a.service_social"), []

    def work() -> None:
        try:
            service.open_case(actor, **PERSON)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with as_owner() as session:
        people = session.scalars(select(InsuredPerson.id).where(InsuredPerson.family_name == "Le Gall")).all()
        references = session.scalars(select(Case.reference).where(Case.person_id.in_(people))).all()
    assert len(references) == len(set(references)) == 8


@pytest.mark.parametrize("nir", ["1 85 05 78 006 084 92", "1 85 05", "pas un numéro"])
def test_a_wrong_number_opens_nothing(nir: str, world: World, actor_of: ActorOf) -> None:
    with pytest.raises(InvalidInput) as refusal:
        service.open_case(actor_of("a.service_social"), **PERSON, nir=nir)
    assert "nir" in refusal.value.errors
    assert entries("case.open") == []


def test_a_number_with_a_case_under_way_is_refused_with_its_reference(world: World, actor_of: ActorOf) -> None:
    first = service.open_case(actor_of("a.csam"), **PERSON, nir=NIR)
    with pytest.raises(RuleViolation, match=stored(first).reference):
        service.open_case(actor_of("a.service_social"), **PERSON, nir=NIR)
    service.open_case(actor_of("b.service_social"), **PERSON, nir=NIR)


def test_a_person_whose_case_is_over_gets_a_new_case_not_a_double(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    first = service.open_case(actor, **PERSON, nir=NIR, take_charge=True)
    service.move_case(actor, first, CaseMove.CLOSE, version=version(actor, first))
    second = service.open_case(actor, **PERSON, nir=NIR)
    assert stored(first).person_id == stored(second).person_id
    service.move_case(actor, second, CaseMove.REORIENT, version=version(actor, second), text="Vers la MSA.")
    with pytest.raises(InvalidInput) as refusal:
        service.open_case(actor, **(PERSON | {"birth_date": date(1985, 5, 3)}), nir=NIR)
    assert "birth_date" in refusal.value.errors


def test_an_arret_half_typed_or_upside_down_is_refused(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    with pytest.raises(InvalidInput) as refusal:
        service.open_case(actor, **PERSON, stoppage_starts_on=date(2026, 3, 1))
    assert set(refusal.value.errors) == {"stoppage_prescribed_end", "stoppage_origin"}
    with pytest.raises(InvalidInput) as refusal:
        service.open_case(
            actor,
            **PERSON,
            stoppage_starts_on=date(2026, 3, 10),
            stoppage_prescribed_end=date(2026, 3, 1),
            stoppage_origin=StoppageOrigin.ILLNESS,
        )
    assert refusal.value.errors["stoppage_prescribed_end"] == [
        "La fin prescrite (01/03/2026) est avant le début (10/03/2026)."
    ]


@pytest.mark.parametrize("role", ["cpam", "service_medical", "coordinateur", "cap_emploi", "dpo"])
def test_other_roles_open_no_case(role: str, world: World, actor_of: ActorOf) -> None:
    with pytest.raises(NotFound):
        service.open_case(actor_of(f"a.{role}"), **PERSON)


def test_a_csam_opens_in_triage_even_when_asking_to_take_charge(world: World, actor_of: ActorOf) -> None:
    case_id = service.open_case(actor_of("a.csam"), **PERSON, take_charge=True)
    assert (stored(case_id).stage, stored(case_id).referent_user_id) == (Stage.TRIAGE, None)
