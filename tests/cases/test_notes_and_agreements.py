"""Notes by label, and the agreements that share a case."""

from typing import Any

import pytest
from sqlalchemy import select

from pdp.cases import service
from pdp.cases.models import CaseNote
from pdp.consent.enums import AgreementForm
from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.policy.labels import Label
from tests.cases.seen import PEOPLE, ActorOf, entries, organisation
from tests.support.databases import as_owner
from tests.support.world import World

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
