"""Blocks and rows are changed, a case moves along its workflow and from one referent to another."""

from datetime import date

import pytest

from pdp.cases import service
from pdp.cases.enums import Axis, CaseMove, ConclusionCode, EncounterKind, Stage, StoppageOrigin, TriState
from pdp.cases.models import InsuredPerson
from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import PersonStatus, StatusGroup
from pdp.policy.labels import Label
from tests.cases.seen import PEOPLE, ActorOf, entries, stored
from tests.support.databases import as_owner
from tests.support.world import World

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
