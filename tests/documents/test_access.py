"""Who opens and who knows of a piece: every role × label × case × state, against the matrix as the field wrote it."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest

from pdp.cases.tabs import FILE_LABELS
from pdp.core import clock
from pdp.core.errors import NotFound, RuleViolation
from pdp.documents import service
from pdp.documents.enums import ReviewState, ScanState, Spread
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from tests.documents.builders import add_piece
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
_MATRIX = Path(__file__).parent.parent / "access" / "access_matrix.csv"
# What the agreements of the base world share: all that a partner may get, or the requests only.
_SHARED = {"shared": None, "partial": {"request"}}
_NEVER_SHARED = {"medical", "social", "nir", "allowance", "aggregate"}
_WITH_AGREEMENT = {"cap_emploi", "spst"}
_PARTNERS = {"spst", "cap_emploi", "comete", "mdph", "oeth"}
_CASES = ("shared", "partial", "expired", "withdrawn", "future", "alone", "triage", "closed")


@dataclass(frozen=True)
class State:
    """A situation of a piece, and who of those who read its label gets it."""

    name: str
    values: dict[str, object]
    by: str = "service_social"


STATES = (
    State("shared as agreed", {}),
    State("for the core", {"spread": Spread.CORE}),
    State("proposed by Cap emploi", {"review": ReviewState.PROPOSED, "spread": Spread.CORE}, "cap_emploi"),
    State("refused", {"review": ReviewState.REFUSED}, "cap_emploi"),
    State("taken out", {"withdrawn_at": clock.now()}),
    State("not yet scanned", {"scan": ScanState.WAITING}),
)


def _cells() -> dict[tuple[str, str], str]:
    with _MATRIX.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    return {(role, row["label"]): row[role] for row in rows for role in row if role not in {"label", "meaning"}}


CELLS = _cells()


def _reads(role: str, label: str, case: str) -> bool:
    """Say it again from the words of the access notes: is the label of that case open to the role?"""
    cell = CELLS[role, label]
    if role == "csam":
        return cell in {"R", "RW"} and (case == "triage" or label in {"identity", "employment"})
    if role in _PARTNERS:
        shared = _SHARED.get(case, set())
        agreed = role in _WITH_AGREEMENT and label not in _NEVER_SHARED and (shared is None or label in shared)
        return cell in {"A", "AW"} and agreed
    return cell in {"R", "RW"} or (cell == "O" and role in {"manager", "service_social"})


def _opens(role: str, label: str, case: str, state: State) -> bool:
    """Say it from the words of the issue: who opens what, in which state."""
    if not _reads(role, label, case) or state.name in {"refused", "taken out", "not yet scanned"}:
        return False
    if state.name == "for the core":
        return role not in _PARTNERS
    if state.name == "proposed by Cap emploi":
        return role in {"cap_emploi", "service_social", "manager"}
    return True


def _everything(world: World) -> Iterator[tuple[str, Label, State, str]]:
    for case, label, state in product(_CASES, FILE_LABELS, STATES):
        # Every state where the case is shared; elsewhere the plainest one, which is the one that could leak.
        if case != "shared" and state is not STATES[0] and (case != "partial" or state is not STATES[2]):
            continue
        token = f"{case}.{label.value}.{state.name}".encode()
        public_id = add_piece(world, f"a.{case}", label=label, by=state.by, body=token, **state.values)
        yield case, label, state, public_id


@pytest.fixture
def placed(world: World) -> list[tuple[str, Label, State, str]]:
    """A piece of each label in each state, in each case."""
    with as_owner():
        return list(_everything(world))


def test_each_role_opens_what_the_matrix_says_and_nothing_else(
    placed: list[tuple[str, Label, State, str]], actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    leaks, denials, cells = [], [], 0
    for role in Role:
        actor = actor_of(f"a.{role.value}")
        for case, label, state, public_id in placed:
            expected, cells = _opens(role.value, label.value, case, state), cells + 1
            opened = _try(actor, public_id)
            if opened != expected:
                (leaks if opened else denials).append((role.value, case, label.value, state.name))
    assert leaks == []
    assert denials == []
    figure("documents.access", f"0 leaks and 0 wrong denials over {cells} cells")


def _try(actor: Actor, public_id: str) -> bool:
    try:
        return bool(service.open_document(actor, public_id).body)
    except (NotFound, RuleViolation):
        return False


def test_a_list_holds_what_may_be_known_and_no_more(
    placed: list[tuple[str, Label, State, str]], world: World, actor_of: ActorOf
) -> None:
    for role, case in product(Role, _CASES):
        shown = _listed(actor_of(f"a.{role.value}"), world.case[f"a.{case}"])
        for other, label, state, public_id in placed:
            if other == case:
                expected = _known(role.value, label.value, case, state)
                assert (public_id in shown) == expected, (role.value, case, label.value, state.name)


def _listed(actor: Actor, case_id: str) -> set[str]:
    try:
        _, pieces = service.read_pieces(actor, case_id)
    except NotFound:
        return set()
    groups = (pieces.to_review, pieces.current, pieces.own_proposals, pieces.former, pieces.withdrawn)
    return {line.public_id for lines in groups for line in lines}


def _known(role: str, label: str, case: str, state: State) -> bool:
    if state.by == "cap_emploi":
        author = role == "cap_emploi" and case in _SHARED
        examines = role in {"service_social", "manager"} and _reads(role, label, case)
        return author or examines
    if not _reads(role, label, case):
        return False
    return role not in _PARTNERS or state.name in {"shared as agreed", "not yet scanned"}


def test_the_people_of_another_cellule_open_nothing(
    placed: list[tuple[str, Label, State, str]], actor_of: ActorOf
) -> None:
    for role in (Role.SERVICE_SOCIAL, Role.MANAGER, Role.SERVICE_MEDICAL, Role.CPAM, Role.CAP_EMPLOI):
        actor = actor_of(f"b.{role.value}")
        assert not any(_try(actor, public_id) for case, _, _, public_id in placed if case == "shared")


def test_in_an_spst_only_the_physician_reads_a_conclusion(world: World, actor_of: ActorOf) -> None:
    with as_owner():
        public_id = add_piece(world, "a.shared", label=Label.CONCLUSION, by="service_medical")
    physician = actor_of("a.spst")
    assert _try(physician, public_id)
    assert not _try(replace(physician, is_physician=False), public_id)
