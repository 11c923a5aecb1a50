"""Who may do each step, what a merge carries, and how it goes back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from pdp.audit.models import AuditEntry
from pdp.cases import service as cases
from pdp.cases.enums import SignalSource
from pdp.cases.models import Case, InsuredPerson, PersonAlias
from pdp.cases.queries.listing import CaseFilters
from pdp.cases.rules.search import understand
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.merging import hooks, service
from pdp.merging.enums import ProposalState, Side
from pdp.merging.models import MergeProposal, PersonMerge
from pdp.merging.queries.proposals import waiting_proposals
from pdp.merging.queries.rows import followers
from pdp.policy.actor import Actor
from tests.merging.builders import NIR, Record, add_case, add_duplicate, add_record
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
CHOICES = {"family_name": Side.ABSORBED, "town": Side.KEPT}
# By hand: who may compare and propose, and who may list, confirm, refuse and undo.
PROPOSE = {"service_social", "manager", "coordinateur"}
DECIDE = {"manager", "coordinateur"}
EVERYONE = (
    "service_social", "manager", "coordinateur", "service_medical", "cpam", "csam", "spst", "cap_emploi", "comete",
    "mdph", "oeth", "pilotage", "dpo", "admin",
)  # fmt: skip


def propose(actor: Actor, one: Record, two: Record, **choices: Side) -> str:
    page = service.read_comparison(actor, one.case, two.case)
    return service.propose_merge(
        actor, one.case, two.case, reason="Carte d’identité vue.", version=page.version, choices=choices or CHOICES
    )


def merged(actor_of: ActorOf, one: Record, two: Record, **choices: Side) -> str:
    proposal = propose(actor_of("a.service_social"), one, two, **choices)
    service.confirm_merge(actor_of("a.manager"), proposal)
    return proposal


def may(act: Callable[[], Any]) -> bool:
    try:
        act()
    except NotFound:
        return False
    except (RuleViolation, Conflict, InvalidInput):
        return True
    return True


@pytest.mark.parametrize("role", EVERYONE)
def test_each_role_does_the_steps_that_are_its_own(world: World, actor_of: ActorOf, role: str) -> None:
    one, two = add_duplicate(world)
    actor = actor_of(f"a.{role}")
    by_other = propose(actor_of("a.service_social"), one, two)
    steps: dict[str, Callable[[], Any]] = {
        "compare": lambda: service.read_comparison(actor, one.case, two.case),
        "candidates": lambda: service.list_candidates(actor, one.case),
        "read": lambda: service.read_proposal(actor, by_other),
        "proposals": lambda: service.list_proposals(actor, waiting=True),
        "propose": lambda: service.propose_merge(actor, one.case, two.case, reason="m", version="", choices={}),
        "apart": lambda: service.set_apart(actor, one.case, two.case, reason="m", version=""),
        "pairs": lambda: service.list_duplicates(actor),
        "undo": lambda: service.prepare_undo(actor, by_other),
        "refuse": lambda: service.refuse_merge(actor, by_other, reason="non"),
        "confirm": lambda: service.confirm_merge(actor, by_other),
    }
    done = {name for name, step in steps.items() if may(step)}
    proposing = {"compare", "candidates", "read", "proposals", "propose", "apart"}
    deciding = {"pairs", "undo", "refuse", "confirm"}
    assert done == (proposing if role in PROPOSE else set()) | (deciding if role in DECIDE else set())


@pytest.mark.parametrize("role", sorted(DECIDE))
def test_who_proposed_never_confirms(world: World, actor_of: ActorOf, role: str) -> None:
    one, two = add_duplicate(world)
    actor = actor_of(f"a.{role}")
    proposal = propose(actor, one, two)
    with pytest.raises(RuleViolation, match="une autre personne doit la confirmer"):
        service.confirm_merge(actor, proposal)
    with as_owner() as session:
        assert session.scalars(select(PersonMerge.id)).all() == []
        assert session.get_one(Case, two.case_id).person_id == two.person


def test_nobody_of_another_cellule_sees_a_proposal(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    proposal = propose(actor_of("a.service_social"), one, two)
    for act in (service.read_proposal, service.confirm_merge, service.prepare_undo):
        with pytest.raises(NotFound):
            act(actor_of("b.manager"), proposal)


def test_a_merge_carries_cases_values_and_number_and_both_names_are_found(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    merged(actor_of, one, two)
    with as_owner() as session:
        kept, gone = session.get_one(InsuredPerson, one.person), session.get_one(InsuredPerson, two.person)
        assert (kept.family_name, kept.town, kept.phone, kept.nir) == ("Lefevre", "Albi", "0563000001", NIR)
        assert (kept.nir_index is not None, gone.nir_index) == (True, None)
        assert session.get_one(Case, two.case_id).person_id == one.person
        names = set(session.scalars(select(PersonAlias.family_name)))
        entries = session.execute(
            select(AuditEntry.case_id, AuditEntry.object_id).where(AuditEntry.action == "person.merge")
        ).all()
    assert names == {"Lefèvre", "Lefevre"}
    assert {tuple(row) for row in entries} == {(one.case_id, one.person), (two.case_id, two.person)}
    for term in ("lefevre anne", NIR):
        found = cases.list_cases(actor_of("a.manager"), CaseFilters(search=understand(term))).rows
        assert {row.public_id for row in found} == {one.case, two.case}


def test_a_former_name_that_nobody_bears_any_more_is_still_found(world: World, actor_of: ActorOf) -> None:
    one = add_record(world, "Roux", "Anne", date(1980, 3, 5))
    two = add_record(world, "Garnier", "Anne", date(1980, 3, 5))
    merged(actor_of, one, two, family_name=Side.KEPT)
    found = cases.list_cases(actor_of("a.service_social"), CaseFilters(search=understand("garnier"))).rows
    assert {row.public_id for row in found} == {one.case, two.case}


def test_a_field_with_two_values_asks_for_a_choice(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    with pytest.raises(InvalidInput) as refused:
        propose(actor_of("a.service_social"), one, two, town=Side.KEPT)
    assert set(refused.value.errors) == {"family_name"}


def test_a_comparison_that_is_stale_is_refused_and_so_is_a_proposal(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    social, manager = actor_of("a.service_social"), actor_of("a.manager")
    page = service.read_comparison(social, one.case, two.case)
    proposal = propose(social, one, two)
    with as_owner() as session:
        session.get_one(InsuredPerson, two.person).town = "Mazamet"
    with pytest.raises(Conflict):
        service.propose_merge(social, one.case, two.case, reason="m", version=page.version, choices=CHOICES)
    with pytest.raises(RuleViolation, match="a changé depuis la proposition"):
        service.confirm_merge(manager, proposal)
    service.refuse_merge(manager, proposal, reason="À refaire.")
    with pytest.raises(RuleViolation, match="déjà reçu sa décision"):
        service.confirm_merge(manager, proposal)


def test_a_hold_of_a_feature_above_stops_a_merge(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    proposal = propose(actor_of("a.service_social"), one, two)
    hooks.blockers.append(lambda _cellule, person, _cases: "Gelée." if person == two.person else None)
    try:
        with pytest.raises(RuleViolation, match="Gelée"):
            service.confirm_merge(actor_of("a.manager"), proposal)
    finally:
        hooks.blockers.pop()
    service.confirm_merge(actor_of("a.manager"), proposal)


def columns_of(person_id: int) -> dict[str, Any]:
    with as_owner() as session:
        person = session.get_one(InsuredPerson, person_id)
        return {column.key: getattr(person, column.key) for column in InsuredPerson.__mapper__.column_attrs}


@pytest.mark.parametrize("family", list(Side))
@pytest.mark.parametrize("number", list(Side))
def test_a_merge_undone_restores_every_column_of_both(
    world: World, actor_of: ActorOf, family: Side, number: Side, figure: Callable[[str, object], None]
) -> None:
    one = add_record(world, "Lefèvre", "Anne", date(1980, 3, 5), nir="284127511654316", phone="0563000001")
    two = add_record(world, "Lefevre", "Anne", date(1980, 3, 5), nir=NIR, town="Castres")
    before = columns_of(one.person), columns_of(two.person)
    proposal = merged(actor_of, one, two, family_name=family, nir=number)
    service.undo_merge(actor_of("a.manager"), proposal, reason="Deux personnes.")
    after = columns_of(one.person), columns_of(two.person)
    # A version only goes up, so that a form opened before the merge stays stale.
    for old, new in zip(before, after, strict=True):
        assert new.pop("version") >= old.pop("version")
    assert after == before
    with as_owner() as session:
        owners = {session.get_one(Case, each.case_id).person_id == each.person for each in (one, two)}
        assert owners == {True}
        assert [alias.ended_at is None for alias in session.scalars(select(PersonAlias))].count(True) == 0
    figure(
        "merging.round_trip", f"0 of {len(before[0]) + len(before[1])} columns differ after a merge and its undoing"
    )


def test_what_came_since_is_asked_and_what_was_edited_since_stays(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    proposal = merged(actor_of, one, two)
    returns, stays = add_case(world, one.person), add_case(world, one.person)
    social, manager = actor_of("a.service_social"), actor_of("a.manager")
    version = cases.read_block(social, one.case, "identite").version
    cases.edit_block(
        social, one.case, "identite", version=version, family_name="Lefebvre", given_name="Anne",
        birth_date=date(1980, 3, 5), town="Albi", phone="0563000009", email="",
    )  # fmt: skip
    page = service.prepare_undo(manager, proposal)
    assert {row[0] for row in page.cases} == {returns.public_id, stays.public_id}
    assert page.edited == ("Nom",)
    undone = service.undo_merge(manager, proposal, reason="Deux.", returning=[returns.public_id])
    assert undone.edited == ("Nom",)
    with as_owner() as session:
        kept = session.get_one(InsuredPerson, one.person)
        assert (kept.family_name, kept.phone, kept.nir, kept.search_key) == (
            "Lefebvre", "0563000009", None, "lefebvre anne",
        )  # fmt: skip
        assert session.get_one(Case, returns.id).person_id == two.person
        assert session.get_one(Case, stays.id).person_id == one.person


def test_a_number_typed_after_the_merge_leads_to_the_kept_person(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    merged(actor_of, one, two)
    with pytest.raises(RuleViolation, match="déjà un dossier en cours"):
        cases.open_case(
            actor_of("a.service_social"), family_name="Lefevre", given_name="Anne", birth_date=date(1980, 3, 5),
            source=SignalSource.MEDICAL_ADVISER, nir=NIR,
        )  # fmt: skip


def test_thirty_days_are_thirty_days(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    proposal = merged(actor_of, one, two)
    now = clock.now()
    manager = actor_of("a.manager")
    with (
        clock.acting_at(now + timedelta(days=30, minutes=1)),
        pytest.raises(RuleViolation, match="30 jours est passé"),
    ):
        service.undo_merge(manager, proposal, reason="Trop tard.")
    with clock.acting_at(now + timedelta(days=29, hours=23)):
        service.undo_merge(manager, proposal, reason="À temps.")
    with pytest.raises(RuleViolation, match="déjà annulée"):
        service.undo_merge(manager, proposal, reason="Encore.")


def test_merges_of_one_person_are_undone_newest_first(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    three = add_record(world, "Lefevre", "Anna", date(1980, 3, 5))
    first = merged(actor_of, one, two)
    second = merged(actor_of, three, one, given_name=Side.KEPT)
    manager = actor_of("a.manager")
    with pytest.raises(RuleViolation, match="plus récente"):
        service.undo_merge(manager, first, reason="Non.")
    with as_owner() as session:
        assert session.get_one(Case, two.case_id).person_id == three.person
    service.undo_merge(manager, second, reason="D’abord.")
    service.undo_merge(manager, first, reason="Ensuite.")
    with as_owner() as session:
        assert [session.get_one(Case, each.case_id).person_id for each in (one, two, three)] == [
            one.person, two.person, three.person,
        ]  # fmt: skip


def test_two_persons_set_apart_are_not_asked_of_again(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    manager = actor_of("a.manager")
    assert len(service.list_duplicates(manager).pairs) == 1
    page = service.read_comparison(manager, one.case, two.case)
    service.set_apart(manager, one.case, two.case, reason="Jumelles.", version=page.version)
    assert service.list_duplicates(manager).pairs == ()
    with as_owner() as session:
        assert session.scalars(select(MergeProposal.state)).one() is ProposalState.DISTINCT


@pytest.mark.postgresql
def test_the_application_may_move_each_row_that_follows_a_person(database: Database, world: World) -> None:
    tables = {table.name for table, _ in followers()}
    with database.engine.connect() as connection:
        right = text("SELECT has_table_privilege(current_user, :table, 'UPDATE')")
        refused = {table for table in tables if not connection.execute(right, {"table": table}).scalar_one()}
    assert {"case_file", "person_alias"} <= tables
    assert refused == set()


def test_who_decides_is_told_on_the_home_page_and_who_proposed_is_not(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    propose(actor_of("a.coordinateur"), one, two)
    with as_owner() as session:
        counted = {role: session.execute(waiting_proposals(actor_of(f"a.{role}"))).one()[0] for role in sorted(DECIDE)}
    assert counted == {"coordinateur": 0, "manager": 1}
