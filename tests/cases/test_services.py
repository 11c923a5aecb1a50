"""The use cases of cases: what each does, what it refuses, and the entry it leaves."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pdp.accounts.models import Organisation
from pdp.audit.models import AuditEntry
from pdp.cases import queries, service
from pdp.cases.enums import (
    Axis,
    CaseMove,
    ConclusionCode,
    EncounterKind,
    SignalSource,
    Stage,
    StoppageOrigin,
    TriState,
)
from pdp.cases.models import Case, CaseNote, InsuredPerson
from pdp.cases.rules.search import understand
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import PersonStatus, StatusGroup
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
NIR = "1 85 05 78 006 084 91"
PERSON: dict[str, Any] = {
    "family_name": "Le Gall",
    "given_name": "Éloïse",
    "birth_date": date(1985, 5, 2),
    "source": SignalSource.SELF,
}


def entries(action: str) -> list[AuditEntry]:
    with as_owner() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def stored(case_id: str) -> Case:
    with as_owner() as session:
        return session.scalars(select(Case).where(Case.public_id == case_id)).one()


def version(actor: Actor, case_id: str) -> int:
    return service.read_case(actor, case_id, part="summary").version


def organisation(world: World, name: str) -> str:
    with as_owner() as session:
        return session.get_one(Organisation, world.organisation[name]).public_id


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


# Block → who may write it (access_matrix.csv, on an open case shared with everything agreed).
WRITERS = {
    "identite": {"service_social", "manager"},
    "signalement": {"service_social", "manager", "service_medical", "cpam"},
    "emploi": {"service_social", "manager", "spst"},
    "situation": {"service_social", "manager", "service_medical", "cpam", "coordinateur"},
    "boeth": {"service_social", "manager", "cap_emploi"},
    "aptitude": {"spst"},
    "conclusion": {"service_medical"},
    "droits": {"cpam"},
}
PEOPLE = ("service_social", "manager", "service_medical", "cpam", "coordinateur", "csam", "spst", "cap_emploi", "mdph")


@pytest.mark.parametrize("block", WRITERS)
def test_each_block_opens_to_those_who_write_its_label(block: str, world: World, actor_of: ActorOf) -> None:
    case_id, allowed = world.case["a.shared"], set()
    for role in PEOPLE:
        try:
            service.read_block(actor_of(f"a.{role}"), case_id, block)
        except NotFound:
            continue
        allowed.add(role)
    assert allowed == WRITERS[block]


def test_an_edit_changes_the_block_and_names_the_fields_in_the_journal(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_medical"), world.case["a.shared"]
    opened = service.read_block(actor, case_id, "conclusion")
    values = {"conclusion_code": ConclusionCode.COMPATIBLE, "conclusion_on": None, "conclusion_limits": ""}
    service.edit_block(actor, case_id, "conclusion", version=opened.version, **values)
    assert stored(case_id).conclusion_code is ConclusionCode.COMPATIBLE
    assert stored(case_id).version == 2
    assert entries("case.edit")[0].detail == {"block": "conclusion", "fields": ["conclusion_code"]}


def test_a_stale_edit_is_refused_and_an_edit_of_another_block_is_not_stale(world: World, actor_of: ActorOf) -> None:
    social, medical, case_id = actor_of("a.service_social"), actor_of("a.service_medical"), world.case["a.shared"]
    situation = service.read_block(social, case_id, "situation")
    again = service.read_block(social, case_id, "situation")
    conclusion = service.read_block(medical, case_id, "conclusion")
    service.edit_block(
        social, case_id, "situation", version=situation.version, **situation.values | {"presentation": "A"}
    )
    service.edit_block(medical, case_id, "conclusion", version=conclusion.version, **conclusion.values)
    with pytest.raises(Conflict, match="n’est pas perdue"):
        service.edit_block(social, case_id, "situation", version=again.version, **again.values | {"presentation": "B"})
    assert stored(case_id).presentation == "A"
    assert len(entries("case.edit")) == 2


def test_a_name_changed_is_found_under_its_new_form(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_social"), world.case["a.shared"]
    opened = service.read_block(actor, case_id, "identite")
    service.edit_block(
        actor, case_id, "identite", version=opened.version, **opened.values | {"family_name": "Œdème-Çà"}
    )
    with as_owner() as session:
        assert session.get_one(InsuredPerson, stored(case_id).person_id).search_key == "oedeme ca prenomshared"


STOPPAGE = {
    "origin": StoppageOrigin.WORK_ACCIDENT,
    "indemnified": TriState.YES,
    "full_time": True,
    "status_group": None,
    "ended_on": None,
}


def test_rows_are_added_changed_and_removed(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.cpam"), world.case["a.shared"]
    service.save_row(actor, case_id, "arret", starts_on=date(2026, 3, 1), prescribed_end=date(2026, 3, 9), **STOPPAGE)
    service.save_row(actor, case_id, "rencontre", kind=EncounterKind.LIAISON, happens_on=date(2026, 3, 5))
    view = service.read_case(actor, case_id, part="summary")
    assert view.stoppages is not None
    added = next(row for row in view.stoppages.periods if row.origin is StoppageOrigin.WORK_ACCIDENT)
    opened = service.read_row(actor, case_id, "arret", added.public_id)
    with pytest.raises(Conflict):
        service.remove_row(actor, case_id, "arret", added.public_id, version="autre")
    with pytest.raises(InvalidInput):
        service.save_row(
            actor,
            case_id,
            "arret",
            added.public_id,
            version=opened.version,
            **opened.values | {"prescribed_end": date(2026, 2, 1)},
        )
    service.remove_row(actor, case_id, "arret", added.public_id, version=opened.version)
    after = service.read_case(actor, case_id, part="summary")
    assert after.stoppages is not None
    assert len(after.stoppages.periods) == len(view.stoppages.periods) - 1
    assert [entry.action for entry in entries("case.edit.add")] == ["case.edit.add"] * 2
    assert len(entries("case.edit.remove")) == 1


def test_an_employee_who_is_also_self_employed_keeps_both_statuses(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_social"), world.case["a.alone"]
    activity = {"post": "", "employer": "Atelier", "working_time": "", "is_micro": True, "starts_on": None}
    service.save_row(actor, case_id, "activite", status=PersonStatus.SE_TRADE, ends_on=None, **activity)
    service.save_row(actor, case_id, "activite", status=PersonStatus.EMPLOYEE_CDD, ends_on=None, **activity)
    view = service.read_case(actor, case_id, part="summary")
    assert view.groups == (StatusGroup.SALARIE, StatusGroup.TI)
    assert view.employment is not None
    assert len(view.employment.activities) == 3


def test_a_row_of_another_case_is_missing(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    employment = service.read_case(actor, world.case["a.shared"], part="summary").employment
    assert employment is not None
    with pytest.raises(NotFound):
        service.read_row(actor, world.case["a.alone"], "activite", employment.activities[0].public_id)


def test_a_case_that_is_over_is_read_and_no_more_written(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_social"), world.case["a.closed"]
    assert service.read_case(actor, case_id, part="summary").stage is Stage.CLOSED
    with pytest.raises(RuleViolation, match="Rouvrez-le"):
        service.read_block(actor, case_id, "situation")
    with pytest.raises(RuleViolation, match="Rouvrez-le"):
        service.add_note(actor, case_id, label=Label.PLAN, text="…")
    with pytest.raises(RuleViolation, match="Rouvrez-le"):
        service.prepare_agreement(actor, case_id)


def test_taking_charge_makes_the_actor_the_referent(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_social_2"), world.case["a.triage"]
    service.move_case(actor, case_id, CaseMove.TAKE_CHARGE, version=1, axis=Axis.SANTE)
    case = stored(case_id)
    assert (case.stage, case.referent_user_id, case.axis) == (Stage.OPEN, actor.user_id, Axis.SANTE)
    assert entries("case.move")[0].detail == {"move": "take_charge", "before": "triage", "after": "open"}


def test_a_reorientation_says_where_and_why_and_ends_the_sharing(world: World, actor_of: ActorOf) -> None:
    actor, partner, case_id = actor_of("a.service_social"), actor_of("a.cap_emploi"), world.case["a.shared"]
    service.read_case(partner, case_id, part="summary")
    with pytest.raises(InvalidInput):
        service.move_case(actor, case_id, CaseMove.REORIENT, version=1)
    service.move_case(actor, case_id, CaseMove.REORIENT, version=1, text="Vers la Carsat, retraite.")
    assert stored(case_id).closed_on == clock.today()
    with pytest.raises(NotFound):
        service.read_case(partner, case_id, part="summary")


def test_a_stale_or_impossible_move_changes_nothing(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_social"), world.case["a.shared"]
    with pytest.raises(Conflict):
        service.move_case(actor, case_id, CaseMove.CLOSE, version=7)
    with pytest.raises(RuleViolation):
        service.move_case(actor, case_id, CaseMove.REOPEN, version=1)
    with pytest.raises(RuleViolation):
        service.move_case(actor_of("a.csam"), case_id, CaseMove.CLOSE, version=1)
    with pytest.raises(NotFound):
        service.move_case(actor_of("a.cpam"), case_id, CaseMove.CLOSE, version=1)
    assert stored(case_id).stage is Stage.OPEN
    assert entries("case.move") == []


def test_a_closed_case_reopens(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.manager"), world.case["a.closed"]
    assert service.move_case(actor, case_id, CaseMove.REOPEN, version=1) is Stage.OPEN
    assert stored(case_id).closed_on is None


def test_the_social_zone_follows_the_referent(world: World, actor_of: ActorOf) -> None:
    first, second, case_id = actor_of("a.service_social"), actor_of("a.service_social_2"), world.case["a.alone"]
    service.add_note(first, case_id, label=Label.SOCIAL, text="Entretien.")
    with pytest.raises(NotFound):
        service.add_note(second, case_id, label=Label.SOCIAL, text="Non.")
    service.assign_referent(first, case_id, referent=world.membership["a.service_social_2"], version=1)
    assert [note.text for note in service.read_support(second, case_id)[1]] == ["Entretien."]
    assert service.read_support(first, case_id)[1] == []
    assert [note.text for note in service.read_support(actor_of("a.manager"), case_id)[1]] == ["Entretien."]


@pytest.mark.parametrize("person", ["a.cpam", "b.service_social", "a.csam"])
def test_the_referent_is_of_the_service_social_of_the_cellule(person: str, world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_social"), world.case["a.alone"]
    with pytest.raises(InvalidInput):
        service.assign_referent(actor, case_id, referent=world.membership[person], version=1)


NOTE_WRITERS = {
    Label.PLAN: {"service_social", "manager"},
    Label.SOCIAL: {"service_social", "manager"},
    Label.MEDICAL: {"service_medical"},
    Label.REQUEST: {"service_social", "manager", "service_medical", "cpam", "coordinateur", "spst", "cap_emploi"},
    Label.EMPLOYMENT: {"service_social", "manager", "spst"},
    Label.RESTRICTIONS: {"spst"},
}


@pytest.mark.parametrize("label", NOTE_WRITERS)
def test_each_note_is_added_by_those_who_write_its_label(label: Label, world: World, actor_of: ActorOf) -> None:
    case_id, allowed = world.case["a.shared"], set()
    for role in PEOPLE:
        try:
            service.add_note(actor_of(f"a.{role}"), case_id, label=label, text="Note d’essai")
        except NotFound:
            continue
        allowed.add(role)
    assert allowed == NOTE_WRITERS[label]
    assert len(entries("case.note")) == len(allowed)


def test_a_note_is_stored_sealed_and_read_by_its_label_only(world: World, actor_of: ActorOf) -> None:
    medical, case_id = actor_of("a.service_medical"), world.case["a.shared"]
    service.add_note(medical, case_id, label=Label.MEDICAL, text="Texte réservé")
    with as_owner() as session:
        sealed = session.connection().exec_driver_sql("SELECT text FROM case_note").scalar_one()
    assert "réservé".encode() not in bytes(sealed)
    for role in PEOPLE:
        if role in {"csam", "mdph"}:
            continue
        texts = [note.text for note in service.read_support(actor_of(f"a.{role}"), case_id)[1]]
        assert texts == (["Texte réservé"] if role == "service_medical" else []), role


def test_a_label_that_takes_no_note_is_refused(world: World, actor_of: ActorOf) -> None:
    with pytest.raises(InvalidInput):
        service.add_note(actor_of("a.service_social"), world.case["a.shared"], label=Label.NIR, text="…")
    with as_owner() as session:
        assert session.scalars(select(CaseNote)).all() == []


def test_an_agreement_opens_the_case_and_its_withdrawal_closes_it_at_once(world: World, actor_of: ActorOf) -> None:
    actor, partner, case_id = actor_of("a.service_social"), actor_of("a.mdph"), world.case["a.alone"]
    with pytest.raises(NotFound):
        service.read_case(partner, case_id, part="summary")
    service.record_agreement(
        actor,
        case_id,
        organisation=organisation(world, "a.mdph"),
        labels=[Label.BOETH, Label.EMPLOYMENT],
        purpose="Instruire la demande",
        form=AgreementForm.ORAL,
        witness="Mme Essai",
        starts_on=clock.today(),
    )
    view = service.read_case(partner, case_id, part="summary")
    assert view.labels == {Label.BOETH, Label.EMPLOYMENT}
    assert view.name == "P.\u00a0N."
    service.withdraw_agreement(actor, case_id, view.sharing[0].public_id, version=1)
    with pytest.raises(NotFound):
        service.read_case(partner, case_id, part="summary")
    assert [len(entries(action)) for action in ("sharing.record", "sharing.withdraw")] == [1, 1]


def test_an_agreement_is_refused_beyond_what_the_organisation_may_receive(world: World, actor_of: ActorOf) -> None:
    values: dict[str, Any] = {"purpose": "…", "form": AgreementForm.SIGNED, "starts_on": clock.today()}
    actor, case_id = actor_of("a.service_social"), world.case["a.alone"]
    for name, label in (("a.mdph", Label.STOPPAGE), ("a.spst", Label.MEDICAL), ("a.cpam", Label.IDENTITY)):
        with pytest.raises(InvalidInput):
            service.record_agreement(actor, case_id, organisation=organisation(world, name), labels=[label], **values)
    with pytest.raises(NotFound):
        service.record_agreement(
            actor, case_id, organisation=organisation(world, "b.mdph"), labels=[Label.BOETH], **values
        )
    assert entries("sharing.record") == []


def test_an_agreement_is_withdrawn_once_and_never_on_a_stale_page(world: World, actor_of: ActorOf) -> None:
    actor, case_id = actor_of("a.service_social"), world.case["a.shared"]
    agreement = service.read_case(actor, case_id, part="sharing").sharing[0]
    with pytest.raises(Conflict):
        service.withdraw_agreement(actor, case_id, agreement.public_id, version=9)
    with pytest.raises(NotFound):
        service.withdraw_agreement(actor, world.case["a.alone"], agreement.public_id, version=1)
    service.withdraw_agreement(actor, case_id, agreement.public_id, version=1)
    with pytest.raises(RuleViolation, match="déjà retiré"):
        service.withdraw_agreement(actor, case_id, agreement.public_id, version=2)


@pytest.mark.parametrize("role", ["cpam", "service_medical", "coordinateur", "csam", "cap_emploi"])
def test_only_the_service_social_records_agreements(role: str, world: World, actor_of: ActorOf) -> None:
    with pytest.raises(NotFound):
        service.prepare_agreement(actor_of(f"a.{role}"), world.case["a.shared"])


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
