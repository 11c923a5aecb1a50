"""The things to do that follow from séances: whose they are, by when, and closing them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from pdp.meetings.enums import ActionState, MeetingStatus
from pdp.meetings.models import Action
from pdp.requests.enums import RequestStatus
from tests.meetings.pages import count_statements, entries, read
from tests.meetings.planning_data import (
    add_action,
    add_case,
    add_item,
    add_meeting,
    add_request,
    world_case,
    writing,
)
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
TODAY = date(2026, 3, 4)


def _actions(world: World, owner: str, case: str | None = "a.shared", count: int = 1) -> list[str]:
    """Add things to do, one due each day from three days ago on."""
    with writing():
        found = world_case(world, case) if case else add_case(world, 760, "Ada", "Lovelace")
        meeting = add_meeting(world, TODAY - timedelta(days=20), MeetingStatus.CLOSED)
        item = add_item(meeting, add_request(world, found, status=RequestStatus.OPINION_GIVEN), 1)
        return [
            add_action(world, item, found, owner, f"Geste {n:02}", TODAY + timedelta(days=n - 3)).public_id
            for n in range(count)
        ]


def _open(action_id: str) -> bool:
    with as_owner() as session:
        return session.scalars(select(Action.state).where(Action.public_id == action_id)).one() is ActionState.OPEN


def test_things_to_do_are_grouped_by_date(sign_in_as: SignIn, world: World) -> None:
    with time_machine.travel(f"{TODAY}T09:00:00Z", tick=False):
        _actions(world, "a.cpam", case=None, count=10)
        page = read(sign_in_as("a.cpam"), "/actions")
    # TODAY is a Wednesday: Sunday ends the week.
    late, week, later = (page.index(f" {label} ") for label in ("En retard", "Cette semaine", "Plus tard"))
    positions = [page.index(f"Geste {n:02}") for n in range(10)]
    assert [late < at < week for at in positions] == [True] * 3 + [False] * 7
    assert [week < at < later for at in positions] == [False] * 3 + [True] * 5 + [False] * 2
    assert "10 actions à mener, dont 3 en retard" in page


def test_on_a_sunday_this_week_is_the_one_that_comes(sign_in_as: SignIn, world: World) -> None:
    with time_machine.travel("2026-03-08T09:00:00Z", tick=False):
        with writing():
            case = world_case(world, "a.alone")
            meeting = add_meeting(world, date(2026, 2, 12), MeetingStatus.CLOSED)
            item = add_item(meeting, add_request(world, case, status=RequestStatus.OPINION_GIVEN), 1)
            add_action(world, item, case, "a.cpam", "Lundi", date(2026, 3, 9))
            add_action(world, item, case, "a.cpam", "Dimanche suivant", date(2026, 3, 15))
            add_action(world, item, case, "a.cpam", "Lundi suivant", date(2026, 3, 16))
        page = read(sign_in_as("a.cpam"), "/actions")
    assert page.index("Dimanche suivant") < page.index("Plus tard") < page.index("Lundi suivant")


def test_the_coordinator_sees_those_of_all_and_the_others_their_own(sign_in_as: SignIn, world: World) -> None:
    _actions(world, "a.cpam", count=1)
    for name, seen in (("a.coordinateur", True), ("a.cpam", True), ("a.service_medical", False), ("a.spst", False)):
        assert ("Geste 00" in read(sign_in_as(name), "/actions")) is seen, name
    assert [entry.detail for entry in entries("action.list")] == [
        {"count": 2},
        {"count": 1},
        {"count": 0},
        {"count": 1},
    ]


@pytest.mark.parametrize(
    ("case", "seen", "named"),
    [("a.shared", True, True), ("a.partial", True, False), ("a.withdrawn", False, False), ("a.expired", False, False)],
)
def test_a_partner_sees_its_things_to_do_while_the_case_is_shared(
    sign_in_as: SignIn, world: World, case: str, seen: bool, named: bool
) -> None:
    (action_id,) = _actions(world, "a.cap_emploi", case)
    client = sign_in_as("a.cap_emploi")
    page = read(client, "/actions")
    assert ("Geste 00" in page) is seen
    assert ("Prénom" in page) is named
    answer = client.post(f"/actions/{action_id}/clore", data={"version": "1"})
    assert answer.status_code == (302 if seen else 404)
    assert _open(action_id) is not seen


def test_closing_a_thing_to_do_folds_it_away(sign_in_as: SignIn, world: World) -> None:
    (action_id,) = _actions(world, "a.cpam")
    client = sign_in_as("a.cpam_2")
    client.post(f"/actions/{action_id}/clore", data={"version": "1"})
    page = read(client, "/actions")
    assert "L’action est close." in page
    assert "Aucune action à mener" in page
    assert "1 action close" in page
    assert not _open(action_id)
    assert len(entries("action.complete")) == 1


def test_a_double_click_on_clore_is_harmless(sign_in_as: SignIn, world: World) -> None:
    (action_id,) = _actions(world, "a.cpam")
    client = sign_in_as("a.cpam")
    for _ in range(2):
        assert client.post(f"/actions/{action_id}/clore", data={"version": "1"}).status_code == 302
    assert "entre-temps" in read(client, "/actions")
    assert len(entries("action.complete")) == 1


def test_somebody_elses_thing_to_do_is_not_closed(sign_in_as: SignIn, world: World) -> None:
    (action_id,) = _actions(world, "a.cpam")
    client = sign_in_as("a.service_medical")
    client.post(f"/actions/{action_id}/clore", data={"version": "1"})
    assert "lui seul peut la déclarer faite" in read(client, "/actions")
    assert sign_in_as("a.cap_emploi").post(f"/actions/{action_id}/clore", data={"version": "1"}).status_code == 404
    assert _open(action_id)


@pytest.mark.parametrize("person", ["a.cpam", "a.coordinateur"])
def test_five_and_forty_things_to_do_cost_the_same(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any], person: str
) -> None:
    client, counts = sign_in_as(person), []
    for count in (5, 35):
        _actions(world, "a.cpam", case="a.alone", count=count)
        counts.append(count_statements(client, "/actions", count_queries))
    assert counts[0] == counts[1]
