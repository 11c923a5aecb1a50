"""A copy of a person's data and a merge of two records: nothing of another person leaves, however they cross."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock, db
from pdp.core.db import Database
from pdp.core.errors import NotFound, RuleViolation
from pdp.merging import service as merging
from pdp.merging.enums import Side
from pdp.policy.actor import Actor
from pdp.privacy.enums.notices import FreezeGround
from pdp.privacy.enums.pack import MaskReason, Part
from pdp.privacy.enums.register import Channel, IdentityProof, RightKind
from pdp.privacy.models import AccessPack, PackPart
from pdp.privacy.queries import copy as rows
from pdp.privacy.rules.copy import fields_of
from pdp.privacy.service import freezing, pack, register, sealing
from pdp.privacy.service.masking import others_of
from pdp.retention import erasures
from pdp.retention.service import erasing
from tests.merging.builders import Record, add_duplicate, add_record
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def merged(actor_of: ActorOf, one: Record, two: Record) -> str:
    social = actor_of("a.service_social")
    page = merging.read_comparison(social, one.case, two.case)
    choices = {choice.name: Side.KEPT for choice in page.choices}
    proposal = merging.propose_merge(
        social, one.case, two.case, reason="Carte vue.", version=page.version, choices=choices
    )
    merging.confirm_merge(actor_of("a.manager"), proposal)
    return proposal


def asked(actor: Actor, case: str) -> str:
    """Record a request of access about a case and prepare its copy."""
    request = register.record_request(
        actor,
        case,
        kind=RightKind.ACCESS,
        channel=Channel.MAIL,
        received_on=clock.today(),
        identity_proof=IdentityProof.KNOWN,
    )
    pack.prepare(actor, request, version=1)
    return request


def parts(case_id: int | None = None) -> list[tuple[int, Part, str]]:
    with as_owner() as session:
        found = session.scalars(select(PackPart).order_by(PackPart.id)).all()
        return [(row.case_id, row.part, row.public_id) for row in found if case_id in {None, row.case_id}]


def release_all(actor_of: ActorOf) -> None:
    for _, part, public_id in parts():
        name = "a.service_medical" if part is Part.MEDICAL else "a.service_social"
        pack.release(actor_of(name), public_id, version=1)


def test_a_copy_sealed_while_two_persons_were_one_is_not_handed_over_once_they_are_two(
    world: World, actor_of: ActorOf
) -> None:
    one, two = add_duplicate(world)
    proposal = merged(actor_of, one, two)
    request = asked(actor_of("a.service_social"), one.case)
    assert {case for case, _, _ in parts()} == {one.case_id, two.case_id}
    release_all(actor_of)
    sealing.seal(actor_of("a.service_social"), request, version=2)
    merging.undo_merge(actor_of("a.manager"), proposal, reason="Deux personnes.")
    page = register.read_request(actor_of("a.dpo"), request)
    assert page.pack is not None
    assert not page.pack.may_fetch
    with pytest.raises(RuleViolation, match="fusion"):
        sealing.fetch(actor_of("a.dpo"), request)


def test_what_was_prepared_of_the_other_person_stops_neither_the_copy_nor_its_page(
    world: World, actor_of: ActorOf
) -> None:
    one, two = add_duplicate(world)
    proposal = merged(actor_of, one, two)
    social = actor_of("a.service_social")
    request = asked(social, one.case)
    merging.undo_merge(actor_of("a.manager"), proposal, reason="Deux personnes.")
    for _, part, public_id in parts(two.case_id):
        with pytest.raises(NotFound):
            pack.read_part(actor_of("a.service_medical" if part is Part.MEDICAL else "a.service_social"), public_id)
    for _, part, public_id in parts(one.case_id):
        pack.release(
            actor_of("a.service_medical" if part is Part.MEDICAL else "a.service_social"), public_id, version=1
        )
    page = register.read_request(social, request)
    assert page.pack is not None
    assert page.pack.may_seal
    sealing.seal(social, request, version=2)
    assert sealing.fetch(actor_of("a.dpo"), request)[0].endswith(".pdf")


def test_the_former_name_of_the_person_stays_and_that_of_another_is_hidden(world: World, actor_of: ActorOf) -> None:
    born = date(1980, 3, 5)
    one = add_record(world, "Lefèvre", "Anne", born)
    two = add_record(world, "Marchal", "Anne", born)
    merged(actor_of, one, two)
    third = add_record(world, "Ostrowski", "Paul", date(1971, 1, 2))
    with as_owner():
        for record, known, unknown in ((one, set(), {"Marchal"}), (third, {"Marchal"}, {"Ostrowski"})):
            person = rows.get_person(world.cellule["a"], record.person)
            held = rows.gather(person, rows.list_cases(person))
            families = {name.family for name in others_of(person, held).names}
            assert known <= families
            assert not unknown & families


def test_who_sealed_a_copy_and_knows_its_passphrase_does_not_fetch_the_file(world: World, actor_of: ActorOf) -> None:
    one, _ = add_duplicate(world)
    request = asked(actor_of("a.service_social"), one.case)
    release_all(actor_of)
    sealing.seal(actor_of("a.service_social"), request, version=2)
    with as_owner() as session:
        session.scalars(select(AccessPack)).one().sealed_by_id = world.user["a.dpo"]
    with pytest.raises(RuleViolation, match="phrase"):
        sealing.fetch(actor_of("a.dpo"), request)
    page = register.read_request(actor_of("a.dpo"), request)
    assert page.pack is not None
    assert not page.pack.may_fetch
    assert sealing.fetch(actor_of("a.coordinateur"), request)[1]


def test_a_merge_is_not_undone_while_the_processing_is_restricted(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    proposal = merged(actor_of, one, two)
    freezing.freeze(
        actor_of("a.service_social"), two.case, ground=FreezeGround.ACCURACY, detail="", asked_on=clock.today()
    )
    with pytest.raises(RuleViolation, match="limité"):
        merging.prepare_undo(actor_of("a.manager"), proposal)
    # The cases of the absorbed person would be shared again, and nobody could lift what holds the kept one.
    with pytest.raises(RuleViolation, match="limité"):
        merging.undo_merge(actor_of("a.manager"), proposal, reason="Deux personnes.")


def test_a_merge_undone_leaves_no_name_of_the_other_person_in_a_copy(world: World, actor_of: ActorOf) -> None:
    born = date(1980, 3, 5)
    one, two = add_record(world, "Lefèvre", "Anne", born), add_record(world, "Marchal", "Anne", born)
    proposal = merged(actor_of, one, two)
    request = asked(actor_of("a.service_social"), one.case)
    general = next(name for case, part, name in parts(one.case_id) if part is Part.GENERAL)
    page = pack.read_part(actor_of("a.service_social"), general)
    assert "Marchal" in {field.text for field in fields_of(page.copy)}
    merging.undo_merge(actor_of("a.manager"), proposal, reason="Deux personnes.")
    page = pack.read_part(actor_of("a.service_social"), general)
    assert request
    assert not [field.key for field in fields_of(page.copy) if "Marchal" in str(field.value) + field.text]


def test_a_case_is_erased_although_its_copy_held_a_case_that_a_merge_undone_gave_back(
    world: World, actor_of: ActorOf, database: Database, tmp_path: Path
) -> None:
    one, two = add_duplicate(world)
    proposal = merged(actor_of, one, two)
    social = actor_of("a.service_social")
    request = asked(social, one.case)
    general = next(name for case, part, name in parts(two.case_id) if part is Part.GENERAL)
    page = pack.read_part(social, general)
    field = next(field.key for field in fields_of(page.copy) if field.free)
    pack.set_masks(social, general, field, reason=MaskReason.THIRD_PARTY, whole=True)
    assert request
    merging.undo_merge(actor_of("a.manager"), proposal, reason="Deux personnes.")
    erasures.use(tmp_path / "erasures.jsonl")
    db.bind(owner_of(database))
    again = erasing.erase_again(
        erasures.Erased(
            at=clock.now().isoformat(),
            cellule=world.cellule["a"],
            case=one.case_id,
            case_mark=erasures.case_mark(one.case),
            person_mark="",
            last_contact_on="2022-03-31",
            hidden_at="2024-05-01T03:15:00+00:00",
        )
    )
    assert again
    with as_owner() as session:
        assert session.get(InsuredPerson, one.person) is None
        assert session.get(Case, two.case_id) is not None
        assert session.scalars(select(AccessPack)).all() == []
