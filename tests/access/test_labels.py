"""The policy agrees, cell by cell, with the access matrix as the field wrote it (`access_matrix.csv`)."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from pdp.cases.models import Case
from pdp.cases.queries import case_facts
from pdp.core import clock, db
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.reading import cell
from pdp.policy.roles import PARTNER_ROLES, Role
from pdp.policy.visibility import readable_labels, writable_labels
from tests.access.situations import OPEN_TO_PARTNERS, RESTRICTED_TO, SITUATIONS, place
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def _matrix() -> dict[tuple[str, str], str]:
    with (Path(__file__).parent / "access_matrix.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    return {(role, row["label"]): row[role] for row in rows for role in row if role not in {"label", "meaning"}}


MATRIX = _matrix()


def test_the_matrix_holds_every_label_and_every_role() -> None:
    assert {label for _, label in MATRIX} == {label.value for label in Label}
    assert {role for role, _ in MATRIX} == {role.value for role in Role}


def test_the_policy_agrees_with_every_cell(figure: Callable[[str, object], None]) -> None:
    wrong = [
        (role, label) for (role, label), written in MATRIX.items() if cell(Role(role), Label(label)).value != written
    ]
    assert wrong == []
    figure("visibility.cells", f"{len(MATRIX)} cells agree")


def _may_read(role: str, label: str, situation: str, *, own_case: bool) -> bool:
    """Say it again, from the words of the access notes and nothing of the policy's code."""
    written, stage = MATRIX[role, label], SITUATIONS[situation].stage
    if role in {"pilotage", "dpo", "admin"} or role in SITUATIONS[situation].recused:
        return False
    if situation in RESTRICTED_TO and role not in PARTNER_ROLES and role not in RESTRICTED_TO[situation]:
        return False
    if role == "csam" and stage.value != "triage":
        return label in {"identity", "employment"}
    if written in {"R", "RW", "R+own"}:
        return True
    if written == "O":
        return role == "manager" or own_case
    if written in {"A", "AW"}:
        agreed = SITUATIONS[situation].labels or frozenset()
        return situation in OPEN_TO_PARTNERS and Label(label) in agreed
    return False


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_each_role_reads_what_the_access_notes_say(role: str, world: World, actor_of: ActorOf) -> None:
    placed, actor, checked = place(world), actor_of(f"a.{role}"), 0
    with as_owner():
        cases = db.session().scalars(select(Case).options(selectinload(Case.agreements))).all()
        facts = {case.id: case_facts(case) for case in cases}
    for (key, situation), case_id in placed.ids.items():
        readable = readable_labels(actor, facts[case_id], clock.today())
        own_case = facts[case_id].referent_user_id == actor.user_id
        expected = {
            label.value for label in Label if key == "a" and _may_read(role, label.value, situation, own_case=own_case)
        }
        assert {label.value for label in readable} == expected, situation
        checked += len(Label)
    print(f"{role}: {checked} labels checked")


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_nobody_writes_what_is_not_marked_as_written(role: str, world: World, actor_of: ActorOf) -> None:
    placed, actor = place(world), actor_of(f"a.{role}")
    with as_owner():
        cases = db.session().scalars(select(Case).options(selectinload(Case.agreements))).all()
        facts = {case.id: case_facts(case) for case in cases}
    for (_, situation), case_id in placed.ids.items():
        readable = readable_labels(actor, facts[case_id], clock.today())
        writable = writable_labels(actor, facts[case_id], clock.today())
        assert writable <= readable
        assert all(MATRIX[role, label.value] in {"RW", "AW", "O"} for label in writable)
        if SITUATIONS[situation].stage.value in {"closed", "reoriented"}:
            assert {label.value for label in writable} <= {"outcome"}
