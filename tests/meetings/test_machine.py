"""Any walk through a séance by its forms stays beside a short model: what is accepted, and what is stored."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import update

from pdp.accounts.models import GovernanceRules
from pdp.audit import service as audit
from tests.meetings.builders import SITTING
from tests.meetings.machine import PERCENT
from tests.meetings.walking import SEATS, Walk
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
ACTS = ("sit", "leave", "select", "late", "represent", "represent", "set_aside", "link", "ask_vote", "reset", "ask")
ACTS = (*ACTS, "ask", "vote", "vote", "vote", "own", "own", "own", "all_for", "count", "count", "conclude", "conclude")
WALKS, STEPS = 5, 30
LONG_WALKS, LONG_STEPS = 40, 60


def walk_all(world: World, sign_in_as: SignIn, engine_name: str, walks: int, steps: int) -> str:
    with as_owner() as session:
        session.execute(update(GovernanceRules).values(quorum_percent=PERCENT))
        audit.record(None, "tests.walk")
    secretary = sign_in_as("a.coordinateur")
    members = {seat: sign_in_as(f"a.{SITTING[seat]}") for seat in SEATS}
    total: Counter[str] = Counter()
    # Acts of seating before the walk: nobody, hardly a quorum, nearly everybody.
    draw_seats = (0, 6, 9, 16)

    @seed(20260303)
    @settings(
        max_examples=walks,
        # A walk of forms is slow: the step that diverged is told, no shorter walk is sought.
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(st.integers(0, 2**32), st.lists(st.sampled_from(ACTS), min_size=steps, max_size=steps))
    def walk(number: int, acts: list[str]) -> None:
        path = Walk(world, secretary, members, random.Random(number))
        seating = ["sit"] * draw_seats[number % len(draw_seats)]
        for act in ("vote", "open", *seating, *acts, "open", "close", "sit"):
            path.step(act)
        total.update(path.done)

    walk()
    done = sum(count for act, count in total.items() if act.endswith("done"))
    assert done > walks * steps // 4
    assert {act.split()[0] for act in total} >= set(ACTS)
    return (
        f"{total.total()} steps through HTTP on {engine_name}, {done} accepted and {total.total() - done} refused "
        "on both sides, 0 divergence"
    )


def test_any_walk_through_a_seance_agrees_with_the_model(
    world: World, sign_in_as: SignIn, figure: Figure, engine_name: str
) -> None:
    figure("seance.machine", walk_all(world, sign_in_as, engine_name, WALKS, STEPS))


@pytest.mark.drill
def test_long_walks_through_a_seance_agree_with_the_model(
    world: World, sign_in_as: SignIn, figure: Figure, engine_name: str
) -> None:
    figure("seance.long_machine", walk_all(world, sign_in_as, engine_name, LONG_WALKS, LONG_STEPS))
