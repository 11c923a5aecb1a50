"""The SQL filters and the Python rules say the same of every role, cellule and situation."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from pdp.cases import queries
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import CORE_ROLES, OUTSIDE_ROLES, PARTNER_ROLES, Role
from pdp.policy.visibility import can_see_case, readable_labels
from tests.access.situations import OPEN_TO_PARTNERS, RECUSED_OF, RESTRICTED_TO, place
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def _actors(actor_of: ActorOf) -> list[Actor]:
    people = [actor_of(f"{key}.{role}") for key in ("a", "b") for role in Role]
    spst = actor_of("a.spst")
    return [*people, actor_of("a.service_social_2"), replace(spst, is_physician=False), *_in_emergency(people)]


def _in_emergency(people: list[Actor]) -> list[Actor]:
    """Everyone of the first cellule as if a case of each cellule were opened in an emergency."""
    first, last = _some_case_of_each(people)
    return [
        replace(person, cellule_id=cellule_id, emergency_case_id=case_id)
        for person in people[: len(Role)]
        for cellule_id, case_id in (first, last)
    ]


def _some_case_of_each(people: list[Actor]) -> list[tuple[int, int]]:
    with as_owner():
        restricted = select(Case.cellule_id, func.max(Case.id)).where(Case.restricted_on.is_not(None))
        rows = db.session().execute(restricted.group_by(Case.cellule_id).order_by(Case.cellule_id))
        return [(row[0], row[1]) for row in rows]


def _all_cases() -> Sequence[Case]:
    return db.session().scalars(select(Case).options(selectinload(Case.agreements)).order_by(Case.id)).all()


def _ids(condition: ColumnElement[bool]) -> set[int]:
    return set(db.session().scalars(select(Case.id).where(condition)))


def test_the_filter_and_the_rule_see_the_same_cases(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    place(world)
    actors, today, compared, seen = _actors(actor_of), clock.today(), 0, 0
    with as_owner():
        cases = _all_cases()
        for actor in actors:
            by_rule = {case.id for case in cases if can_see_case(actor, queries.case_facts(case), today)}
            assert _ids(queries.visible_to(actor, today)) == by_rule, actor.role
            compared, seen = compared + len(cases), seen + len(by_rule)
    assert 0 < seen < compared
    figure("visibility.twins", f"{compared} answers equal, {seen} of them a yes")


def test_the_filter_and_the_rule_read_the_same_labels(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    place(world)
    actors, today, compared, read = _actors(actor_of), clock.today(), 0, 0
    with as_owner():
        cases = _all_cases()
        for actor in actors:
            by_rule = {case.id: readable_labels(actor, queries.case_facts(case), today) for case in cases}
            for label in Label:
                expected = {case_id for case_id, labels in by_rule.items() if label in labels}
                assert _ids(queries.reads_label(actor, label, today)) == expected, (actor.role, label)
                compared, read = compared + len(cases), read + len(expected)
    assert 0 < read < compared
    figure("visibility.labels", f"{compared} label answers equal, {read} of them readable")


def test_the_filter_agrees_with_the_table_written_by_hand(world: World, actor_of: ActorOf) -> None:
    placed, today = place(world), clock.today()
    with as_owner():
        for role in Role:
            found = _ids(queries.visible_to(actor_of(f"a.{role}"), today)) & set(placed.ids.values())
            seen = {placed.name(case_id) for case_id in found}
            if role in OUTSIDE_ROLES:
                assert seen == set(), role
            elif role in PARTNER_ROLES:
                assert seen == {("a", name) for name in OPEN_TO_PARTNERS if role not in RECUSED_OF.get(name, ())}, role
            else:
                expected = {
                    (key, name)
                    for key, name in placed.ids
                    if key == "a"
                    and (name not in RESTRICTED_TO or role in RESTRICTED_TO[name])
                    and role not in RECUSED_OF.get(name, ())
                }
                assert seen == expected, role


def test_a_deport_is_the_persons_and_no_emergency_overrides_it(world: World, actor_of: ActorOf) -> None:
    placed, today = place(world), clock.today()
    target = placed.ids["a", "open, a déport in the core and at a partner"]
    with as_owner():
        recused, other = actor_of("a.cpam"), actor_of("a.cpam_2")
        assert target in _ids(queries.visible_to(other, today))
        urgent = replace(recused, emergency_case_id=target)
        moved = [replace(recused, role=role, membership_id=0) for role in (Role.MANAGER, Role.COORDINATEUR)]
        for actor in (recused, urgent, *moved):
            assert target not in _ids(queries.visible_to(actor, today)), actor
            assert target not in _ids(queries.reads_label(actor, Label.REQUEST, today)), actor


def test_an_emergency_access_opens_one_case_and_nothing_of_its_cellule_besides(
    world: World, actor_of: ActorOf
) -> None:
    placed, today = place(world), clock.today()
    target = placed.ids["b", "restricted, nobody named"]
    opened = {"emergency_case_id": target, "cellule_id": world.cellule["b"]}
    with as_owner():
        for role in Role:
            seen = _ids(queries.visible_to(replace(actor_of(f"a.{role}"), **opened), today))
            assert seen == ({target} if role in CORE_ROLES else set()), role
        manager = replace(actor_of("a.manager"), **opened)
        read = {label for label in Label if target in _ids(queries.reads_label(manager, label, today))}
    assert Label.IDENTITY in read
    assert not {Label.SOCIAL, Label.MEDICAL} & read
