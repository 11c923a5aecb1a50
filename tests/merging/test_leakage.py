"""A restricted homonym changes no answer for who may not know of it."""

from collections.abc import Callable
from dataclasses import astuple
from datetime import date
from typing import Any

import pytest

from pdp.cases import service as cases
from pdp.cases.enums import SignalSource
from pdp.core.errors import NotFound
from pdp.merging import service
from pdp.merging.enums import Side
from pdp.policy.actor import Actor
from tests.merging.builders import add_case, add_duplicate, add_record
from tests.support.client import StrictClient
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
BORN = date(1980, 3, 5)


def answers(actor: Actor, case: str) -> list[Any]:
    """Return everything that a comparison tells: candidates, pairs, homonyms, proposals."""
    found = service.list_candidates(actor, case)
    return [
        [astuple(candidate) for candidate in found.candidates],
        [astuple(pair) for pair in service.list_duplicates(actor).pairs],
        [astuple(each) for each in service.find_homonyms(actor, "Lefèvre", "Anne", BORN)],
        [row.public_id for row in service.list_proposals(actor, waiting=True).rows],
    ]


def test_answers_are_equal_with_and_without_a_hidden_homonym(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    one, _two = add_duplicate(world)
    # A manager who is neither the referent nor named; the referent is a colleague.
    actor = actor_of("a.manager")
    before = answers(actor, one.case)
    hidden = add_record(world, "Lefèvre", "Anne", BORN, restricted=True, referent="a.service_social_2", town="Rodez")
    assert answers(actor, one.case) == before
    for act in (
        lambda: service.read_comparison(actor, one.case, hidden.case),
        lambda: service.read_comparison(actor, hidden.case, one.case),
        lambda: service.list_candidates(actor, hidden.case),
        lambda: service.propose_merge(actor, one.case, hidden.case, reason="m", version="", choices={}),
    ):
        with pytest.raises(NotFound):
            act()
    seen = service.list_candidates(actor_of("a.service_social_2"), hidden.case)
    assert len(seen.candidates) == 2
    figure("merging.leak", f"0 of {len(before)} answers differ with a hidden restricted homonym")


def test_a_hidden_case_follows_its_person_unseen(world: World, actor_of: ActorOf) -> None:
    one, two = add_duplicate(world)
    hidden = add_case(world, two.person, restricted=True, referent="a.service_social_2")
    social, manager = actor_of("a.service_social"), actor_of("a.manager")
    page = service.read_comparison(social, one.case, two.case)
    choices = {choice.name: Side.KEPT for choice in page.choices}
    proposal = service.propose_merge(
        social,
        one.case,
        two.case,
        reason="m",
        version=page.version,
        choices=choices,
    )
    service.confirm_merge(manager, proposal)
    with pytest.raises(NotFound):
        cases.read_case(manager, hidden.public_id, part="summary")
    view = cases.read_case(actor_of("a.service_social_2"), hidden.public_id, part="summary")
    assert view.identity is not None
    assert (view.identity.family_name, view.identity.phone) == ("Lefèvre", "0563000001")
    assert service.prepare_undo(manager, proposal).cases == ()


def test_a_merge_through_a_hidden_case_is_hidden_too(world: World, actor_of: ActorOf) -> None:
    colleague, social = actor_of("a.service_social_2"), actor_of("a.service_social")
    one = add_record(world, "Roux", "Anne", BORN, referent="a.service_social_2")
    two = add_record(world, "Roux", "Anne", BORN, restricted=True, referent="a.service_social_2")
    page = service.read_comparison(colleague, one.case, two.case)
    proposal = service.propose_merge(colleague, one.case, two.case, reason="m", version=page.version, choices={})
    for act in (service.read_proposal, service.confirm_merge):
        with pytest.raises(NotFound):
            act(actor_of("a.manager"), proposal)
    assert service.list_proposals(social, waiting=True).rows == ()


def test_a_new_case_links_to_nobody_by_itself(world: World, actor_of: ActorOf) -> None:
    one, _two = add_duplicate(world)
    social = actor_of("a.service_social")
    opened = cases.open_case(
        social, family_name="Lefèvre", given_name="Anne", birth_date=BORN, source=SignalSource.MEDICAL_ADVISER
    )
    with pytest.raises(NotFound):
        service.read_comparison(actor_of("b.manager"), opened, one.case)
    assert service.read_comparison(social, opened, one.case).lines


def test_the_number_is_compared_and_never_shown_to_who_may_not_read_it(world: World, sign_in_as: SignIn) -> None:
    one, two = add_duplicate(world)
    page = sign_in_as("a.coordinateur").get(f"/dossiers/{one.case}/doublons/{two.case}")
    assert "Inconnu d’un côté" in page.text
    assert "280057800608492" not in page.text.replace("\u00a0", "").replace(" ", "")
