"""The SQL filters and the Python rules say the same of every role, cellule and situation."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from pdp.cases import queries
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import OUTSIDE_ROLES, PARTNER_ROLES, Role
from pdp.policy.visibility import can_see_case, readable_labels
from tests.access.situations import OPEN_TO_PARTNERS, place
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def _actors(actor_of: ActorOf) -> list[Actor]:
    people = [actor_of(f"{key}.{role}") for key in ("a", "b") for role in Role]
    spst = actor_of("a.spst")
    return [*people, actor_of("a.service_social_2"), replace(spst, is_physician=False)]


def _all_cases() -> Sequence[Case]:
    return db.session().scalars(select(Case).options(selectinload(Case.agreements)).order_by(Case.id)).all()


def _ids(condition: ColumnElement[bool]) -> set[int]:
    return set(db.session().scalars(select(Case.id).where(condition)))


def test_the_filter_and_the_rule_see_the_same_cases(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    place(world)
    actors, today, compared, seen = _actors(actor_of), clock.today(), 0, 0
    with db.reading():
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
    with db.reading():
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
    with db.reading():
        for role in Role:
            found = _ids(queries.visible_to(actor_of(f"a.{role}"), today)) & set(placed.ids.values())
            seen = {placed.name(case_id) for case_id in found}
            if role in OUTSIDE_ROLES:
                assert seen == set(), role
            elif role in PARTNER_ROLES:
                assert seen == {("a", name) for name in OPEN_TO_PARTNERS}, role
            else:
                assert seen == {key for key in placed.ids if key[0] == "a"}, role
