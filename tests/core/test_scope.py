"""No row is written for another cellule, nor without saying for whom: the twin of row security, on both engines."""

from collections.abc import Callable

import pytest

from pdp.audit import service as audit
from pdp.cases.models import Activity, Case
from pdp.core import db
from pdp.core.scope import ForeignRow
from pdp.dispositifs.enums import PersonStatus
from pdp.policy.actor import Actor
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def activity(world: World, key: str) -> Activity:
    return Activity(
        cellule_id=world.cellule[key], case_id=world.case_id[f"{key}.alone"], status=PersonStatus.EMPLOYEE_CDI
    )


def stored(world: World, key: str) -> int:
    with as_owner() as session:
        return session.query(Activity).filter_by(cellule_id=world.cellule[key]).count()


@pytest.mark.parametrize("somebody", [True, False])
def test_a_row_of_another_cellule_or_of_nobody_is_refused(world: World, actor_of: ActorOf, somebody: bool) -> None:
    actor = actor_of("a.service_social")
    before = stored(world, "b")
    with pytest.raises(ForeignRow), db.transaction(actor if somebody else None) as session:
        session.add(activity(world, "b"))
    assert stored(world, "b") == before


def test_a_row_of_one_s_own_cellule_is_written(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    before = stored(world, "a")
    with db.transaction(actor) as session:
        session.add(activity(world, "a"))
        audit.record(actor, "tests.activity")
    assert stored(world, "a") == before + 1


def test_a_row_is_not_moved_to_another_cellule(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    with db.reading(actor) as session:
        case = session.query(Case).filter_by(id=world.case_id["a.alone"]).one()
    case.cellule_id = world.cellule["b"]
    with pytest.raises(ForeignRow), db.transaction(actor) as session:
        session.add(case)


@pytest.mark.parametrize("deed", ["add", "delete"])
def test_a_row_of_another_cellule_is_neither_changed_nor_deleted(world: World, actor_of: ActorOf, deed: str) -> None:
    with as_owner() as session:
        case = session.get_one(Case, world.case_id["b.alone"])
        session.expunge(case)
    case.presentation = "Changée d’ailleurs."
    with pytest.raises(ForeignRow), db.transaction(actor_of("a.service_social")) as session:
        getattr(session, deed)(case)


def test_a_unit_inside_another_keeps_its_rights_to_itself(world: World, actor_of: ActorOf) -> None:
    partner = actor_of("a.cap_emploi")
    with db.reading(partner) as session:
        unit = db._current.get()
        assert unit is not None
        with db.reading(db.Upkeep(world.cellule["a"])):
            assert unit.scope != partner
        assert unit.scope == partner
        if not db.bound().is_sqlite:
            role = session.connection().exec_driver_sql("SELECT current_setting('pdp.role')").scalar_one()
            assert role == "cap_emploi"


def test_a_transaction_of_one_cellule_is_not_joined_by_another(world: World, actor_of: ActorOf) -> None:
    a, b = actor_of("a.service_social"), actor_of("b.service_social")
    with db.reading(a), pytest.raises(RuntimeError, match="another"), db.reading(b):
        pass
