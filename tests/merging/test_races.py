"""Merges at once on real connections: each person ends in one place, and nobody is told a lie."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select

from pdp.cases import service as cases
from pdp.cases.enums import SignalSource, Stage
from pdp.cases.models import Case, InsuredPerson, PersonAlias
from pdp.core import db
from pdp.core.db import Database
from pdp.merging import service
from pdp.merging.enums import Side
from pdp.merging.models import MergeProposal, PersonMerge
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.meetings.test_races import at_once
from tests.merging.builders import NIR, Record, add_duplicate, add_record
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
ROUNDS = 4


@pytest.fixture
def wide(database: Database) -> Iterator[Database]:
    """The test's database with one real connection for each person."""
    own = Database(database.url, pool_size=6, max_overflow=0)
    yield db.bind(own)
    own.engine.dispose()


def propose(actor: Actor, one: Record, two: Record) -> str:
    page = service.read_comparison(actor, one.case, two.case)
    choices = {choice.name: Side.KEPT for choice in page.choices}
    return service.propose_merge(actor, one.case, two.case, reason="m", version=page.version, choices=choices)


def owners(*records: Record) -> list[int]:
    with as_owner() as session:
        return [session.get_one(Case, record.case_id).person_id for record in records]


def test_a_proposal_confirmed_and_refused_at_once_has_one_decision(
    wide: Database, world: World, actor_of: ActorOf
) -> None:
    one, two = add_duplicate(world)
    proposal = propose(actor_of("a.service_social"), one, two)
    manager, secretary = actor_of("a.manager"), actor_of("a.coordinateur")
    given, refused = at_once(
        lambda: service.confirm_merge(manager, proposal),
        lambda: service.confirm_merge(secretary, proposal),
        lambda: service.refuse_merge(manager, proposal, reason="non"),
    )
    assert (len(given), len(refused)) == (1, 2)
    with as_owner() as session:
        merges = session.scalars(select(PersonMerge.id)).all()
        state = session.scalars(select(MergeProposal.state)).one()
    assert len(merges) == (state == "confirmed")


def test_two_merges_that_share_a_person_do_not_double_it(
    wide: Database, world: World, actor_of: ActorOf, figure: Callable[[str, object], None], engine_name: str
) -> None:
    doubled = 0
    social, manager, secretary = (actor_of(f"a.{role}") for role in ("service_social", "manager", "coordinateur"))
    for _ in range(ROUNDS):
        one = add_record(world, "Roux", "Anne", date(1980, 3, 5))
        two = add_record(world, "Roux", "Anne", date(1980, 3, 5), town="Albi")
        three = add_record(world, "Roux", "Anne", date(1980, 3, 5), town="Gaillac")
        first, second = propose(social, one, two), propose(social, three, two)
        given, refused = at_once(
            lambda first=first: service.confirm_merge(manager, first),  # type: ignore[misc]
            lambda second=second: service.confirm_merge(secretary, second),  # type: ignore[misc]
        )
        assert (len(given), len(refused)) == (1, 1)
        where = owners(one, two, three)
        assert where[0] == one.person
        assert where[2] == three.person
        assert where[1] in {one.person, three.person}
        with as_owner() as session:
            doubled += (
                len(session.scalars(select(PersonAlias.id).where(PersonAlias.former_id == two.person)).all()) - 1
            )
    assert doubled == 0
    figure("merging.races", f"{doubled} doubled of {ROUNDS} pairs of merges that share a person, on {engine_name}")


def test_a_case_opened_during_the_merge_belongs_to_the_kept_person(
    wide: Database, world: World, actor_of: ActorOf
) -> None:
    one, two = add_duplicate(world)
    with as_owner() as session:
        session.get_one(Case, two.case_id).stage = Stage.CLOSED
        session.get_one(Case, one.case_id).stage = Stage.CLOSED
    social, manager = actor_of("a.service_social"), actor_of("a.manager")
    proposal = propose(social, one, two)

    def open_one() -> str:
        return cases.open_case(
            social, family_name="Lefevre", given_name="Anne", birth_date=date(1980, 3, 5),
            source=SignalSource.MEDICAL_ADVISER, nir=NIR,
        )  # fmt: skip

    given, refused = at_once(open_one, lambda: service.confirm_merge(manager, proposal))
    opened = [each for each in given if each]
    with as_owner() as session:
        absorbed = session.scalars(select(PersonAlias.former_id).where(PersonAlias.person_id != PersonAlias.former_id))
        gone = set(absorbed)
        lost = session.scalars(select(Case.id).where(Case.person_id.in_(gone))).all()
        same_number = session.scalars(select(InsuredPerson.id).where(InsuredPerson.nir_index.is_not(None))).all()
    assert len(opened) == 1
    assert len(given) + len(refused) == 2
    assert lost == []
    assert len(same_number) == 1


def test_a_note_written_during_the_merge_is_kept(wide: Database, world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    social, manager = actor_of("a.service_social"), actor_of("a.manager")
    proposal = propose(social, one, two)
    given, refused = at_once(
        lambda: cases.add_note(social, two.case, label=Label.PLAN, text="une note"),
        lambda: service.confirm_merge(manager, proposal),
    )
    assert (len(given), refused) == (2, [])
    assert owners(one, two) == [one.person, one.person]
