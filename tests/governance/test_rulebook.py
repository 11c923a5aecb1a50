"""New rules of a cellule: they begin tomorrow at the earliest, and what they would have changed is told before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from pdp.accounts import queries as accounts
from pdp.accounts.enums import BallotMode, Silence
from pdp.accounts.models import GovernanceRules
from pdp.audit import service as audit
from pdp.cases.enums import RecusalReason
from pdp.cases.models import Case, CaseRecusal
from pdp.core import clock
from pdp.core.calendar import Territory
from pdp.core.errors import Forbidden, InvalidInput, NotFound
from pdp.dispositifs.enums import Doctrine
from pdp.governance.schemas import RulesInput
from pdp.governance.service import rulebook
from pdp.meetings import service as meetings
from pdp.meetings.enums import MeetingStatus, OpinionCode
from pdp.meetings.models import Meeting
from pdp.meetings.rules.deadline import submission_deadline
from pdp.meetings.rules.presence import why_no_proxy
from pdp.minutes import service as minutes
from pdp.policy.actor import Actor
from tests.meetings.builders import build_meeting, build_request
from tests.minutes import seance
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]


def chosen(**changes: Any) -> dict[str, Any]:
    return {
        "valid_from": clock.today() + timedelta(days=1),
        "doctrine": Doctrine.REGIONAL,
        "quorum_percent": 50,
        "quorum_each_service": True,
        "chair_casting_vote": True,
        "ballot_mode": BallotMode.NAMED,
        "silence": Silence.NOTHING,
        "proxies_per_holder": 1,
        "notice_days": 5,
        "cooling_off_minutes": 30,
        "objection_days": 5,
        "reason": "Décidé en séance.",
    } | changes


def form(**changes: str) -> dict[str, str]:
    return {
        "valid_from": (clock.today() + timedelta(days=1)).isoformat(),
        "doctrine": "regional",
        "quorum_percent": "50",
        "quorum_each_service": "1",
        "chair_casting_vote": "1",
        "ballot_mode": "NAMED",
        "silence": "nothing",
        "proxies_per_holder": "1",
        "notice_days": "5",
        "cooling_off_minutes": "30",
        "objection_days": "5",
        "reason": "Décidé en séance.",
    } | changes


def in_force(cellule_id: int, days: int) -> int:
    with as_owner():
        return accounts.governance(cellule_id, clock.today() + timedelta(days=days)).quorum_percent


def test_rules_hold_from_their_day_on_and_the_past_keeps_its_own(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    rulebook.set_rules(actor, **chosen(quorum_percent=70, valid_from=clock.today() + timedelta(days=3)))
    assert [in_force(world.cellule["a"], days) for days in (-1, 0, 2, 3, 400)] == [50, 50, 50, 70, 70]
    assert in_force(world.cellule["b"], 3) == 50
    newest = rulebook.read_rulebook(actor).history[0]
    assert (newest.reason, newest.decided_by_id) == ("Décidé en séance.", actor.user_id)


@pytest.mark.parametrize("days", [-1, 0])
def test_nothing_under_way_changes(world: World, actor_of: ActorOf, days: int) -> None:
    with pytest.raises(InvalidInput) as raised:
        rulebook.set_rules(
            actor_of("a.coordinateur"), **chosen(valid_from=clock.today() + timedelta(days=days), quorum_percent=10)
        )
    assert "demain au plus tôt" in raised.value.errors["valid_from"][0]
    assert in_force(world.cellule["a"], 1) == 50


def test_a_day_holds_one_set_of_rules_and_those_to_come_may_be_taken_back(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    rulebook.set_rules(actor, **chosen(quorum_percent=60))
    with pytest.raises(InvalidInput) as raised:
        rulebook.set_rules(actor, **chosen(quorum_percent=80))
    assert "commencent déjà ce jour-là" in raised.value.errors["valid_from"][0]
    tomorrow = clock.today() + timedelta(days=1)
    rulebook.withdraw_rules(actor, tomorrow)
    assert in_force(world.cellule["a"], 1) == 50
    with pytest.raises(NotFound):
        rulebook.withdraw_rules(actor, tomorrow)
    begun = rulebook.read_rulebook(actor).current.valid_from
    with pytest.raises(NotFound):
        rulebook.withdraw_rules(actor, begun)
    with pytest.raises(NotFound):
        rulebook.withdraw_rules(actor_of("b.coordinateur"), tomorrow)


@pytest.mark.parametrize("role", ["service_social", "cpam", "cap_emploi", "admin", "dpo"])
def test_only_the_coordinator_decides(world: World, actor_of: ActorOf, role: str) -> None:
    with pytest.raises(Forbidden):
        rulebook.set_rules(actor_of(f"a.{role}"), **chosen())
    with pytest.raises(Forbidden):
        rulebook.preview_rules(actor_of(f"a.{role}"), **chosen())


# The séance of tests/minutes/seance.py: six deliberative seats, five held and one of them represented.
@pytest.mark.parametrize(
    ("changes", "quorum", "changed"),
    [
        ({}, "Atteint", False),
        ({"quorum_percent": 1}, "Atteint", False),
        ({"quorum_percent": 100}, "Non atteint", True),
        ({"doctrine": Doctrine.LAW}, "Atteint", False),
    ],
)
def test_the_last_seance_is_judged_again_under_rules_that_are_not_recorded(
    world: World, actor_of: ActorOf, changes: dict[str, Any], quorum: str, changed: bool
) -> None:
    seance.hold(world)
    found = rulebook.preview_rules(actor_of("a.coordinateur"), **chosen(**changes))
    assert found.held_at is not None
    assert found.lines
    assert {line.after.quorum for line in found.lines} == {quorum}
    assert {line.before.quorum for line in found.lines} == {"Atteint"}
    assert {line.changes for line in found.lines} == {changed}
    assert found.changed == (len(found.lines) if changed else 0)
    assert in_force(world.cellule["a"], 1) == 50


def test_what_was_agreed_without_a_vote_is_judged_by_who_sat(world: World, actor_of: ActorOf) -> None:
    actor, held = actor_of("a.coordinateur"), build_meeting(world)
    current = meetings.read_console(actor, held.meeting, held.items[0]).current
    assert current is not None
    ballot = meetings.open_ballot(
        actor,
        held.items[0],
        version=current.row.version,
        mode=BallotMode.CONSENSUS,
        proposed=OpinionCode.FAVOURABLE,
    )
    meetings.close_ballot(actor, ballot, version=1)
    with as_owner() as session:
        for meeting in session.scalars(select(Meeting).where(Meeting.public_id == held.meeting)):
            meeting.status = MeetingStatus.CLOSED
            audit.record(None, "meeting.close", subject=meeting)
    [line] = rulebook.preview_rules(actor, **chosen()).lines
    assert (line.before.quorum, line.before.result) == ("Atteint", "Majorité pour")
    assert not line.changes


def test_of_a_case_closed_to_its_reader_the_preview_tells_neither_reference_nor_result(
    world: World, actor_of: ActorOf
) -> None:
    seance.hold(world)
    actor = actor_of("a.coordinateur")
    before = rulebook.preview_rules(actor, **chosen()).lines
    with as_owner() as session:
        session.add(
            CaseRecusal(
                cellule_id=world.cellule["a"],
                case_id=world.case_id["a.shared"],
                user_id=actor.user_id,
                reason=RecusalReason.PERSONAL,
                declared_at=clock.now(),
                declared_by_id=actor.user_id,
            )
        )
        reference = session.get_one(Case, world.case_id["a.shared"]).reference
        audit.record(None, "tests.recusal")
    after = rulebook.preview_rules(actor, **chosen(quorum_percent=100)).lines
    assert reference in {line.reference for line in before}
    assert reference not in {line.reference for line in after}
    closed = [line for line in after if not line.reference]
    assert closed
    assert {(line.before.result, line.after.result) for line in closed} == {("Non communiqué", "Non communiqué")}


def test_without_any_seance_there_is_nothing_to_compare(world: World, actor_of: ActorOf) -> None:
    found = rulebook.preview_rules(actor_of("b.coordinateur"), **chosen())
    assert (found.held_at, found.lines) == (None, ())


def test_the_page_previews_then_records_and_loses_nothing_typed(world: World, sign_in_as: SignIn) -> None:
    seance.hold(world)
    client = sign_in_as("a.coordinateur")
    typed = form(quorum_percent="100", reason="Essai d’un quorum entier.", act="preview")
    shown = client.post("/cellule/regles", data=typed)
    page = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "aurait donné" in page
    assert "Ajourné, faute de quorum" in page
    assert "Essai d’un quorum entier." in page
    assert in_force(world.cellule["a"], 1) == 50
    refused = client.post("/cellule/regles", data=typed | {"quorum_percent": "101", "act": "record"})
    assert refused.status_code == 422
    assert "de 1 à 100" in refused.get_data(as_text=True)
    assert client.post("/cellule/regles", data=typed | {"act": "record"}).status_code == 303
    assert in_force(world.cellule["a"], 1) == 100
    history = client.get("/cellule/regles").get_data(as_text=True)
    assert "(à venir)" in history


def test_a_member_reads_the_rules_and_a_partner_does_not(world: World, sign_in_as: SignIn) -> None:
    page = sign_in_as("a.cpam").get("/cellule/regles")
    assert page.status_code == 200
    assert "Décider des règles nouvelles" not in page.get_data(as_text=True)
    assert sign_in_as("a.cap_emploi").get("/cellule/regles").status_code == 404


def test_forty_points_cost_what_five_cost(world: World, actor_of: ActorOf, count_queries: Callable[[], Any]) -> None:
    actor = actor_of("a.coordinateur")
    counts = []
    for points in (5, 40):
        seance.hold(world, points=points)
        with count_queries() as seen:
            assert len(rulebook.preview_rules(actor, **chosen()).lines) == points
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_rules_written_by_hand_in_the_table_still_read(world: World, actor_of: ActorOf) -> None:
    with as_owner() as session:
        session.add(
            GovernanceRules(
                cellule_id=world.cellule["a"], valid_from=clock.today() - timedelta(days=5), quorum_percent=55
            )
        )
    assert rulebook.read_rulebook(actor_of("a.cpam")).current.quorum_percent == 55


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("proxies_per_holder", ("0", "3"), ("-1", "4", "")),
        ("notice_days", ("0", "20"), ("-1", "21", "deux")),
        ("cooling_off_minutes", ("5", "1440"), ("4", "1441")),
        ("objection_days", ("2", "30"), ("1", "31")),
    ],
)
def test_each_figure_has_its_bounds(name: str, inside: tuple[str, ...], outside: tuple[str, ...]) -> None:
    for value in inside:
        assert RulesInput().load(form(**{name: value}))[name] == int(value)
    for value in outside:
        with pytest.raises(ValidationError) as refused:
            RulesInput().load(form(**{name: value}))
        assert refused.value.normalized_messages()[name][0].startswith("Écrivez un nombre de")


def test_delays_are_read_from_the_rules_of_the_day_of_the_act(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    rulebook.set_rules(
        secretary,
        **chosen(proxies_per_holder=2, notice_days=2, cooling_off_minutes=90, objection_days=12),
    )
    held = build_meeting(world, 1, status=MeetingStatus.PLANNED)
    late = build_request(world)
    today = clock.now()
    with as_owner() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.public_id == held.meeting)).one()
        meeting.starts_at = meeting.ends_at = today + timedelta(days=21)
    before = meetings.read_meeting(secretary, held.meeting).timetable.deadline
    meetings.add_to_agenda(secretary, held.meeting, request=late)
    # The séance is held under the new rules: two working days instead of five.
    day = clock.local(today + timedelta(days=21)).date()
    assert before == submission_deadline(day, Territory.METROPOLE, 2)
    assert minutes.shortest_window(secretary) == 5
    with clock.acting_at(today + timedelta(days=1)):
        assert minutes.shortest_window(secretary) == 12


def test_the_preview_counts_proxies_and_late_requests_again(world: World, actor_of: ActorOf) -> None:
    seance.hold(world)
    secretary = actor_of("a.coordinateur")
    same = rulebook.preview_rules(secretary, **chosen())
    none = rulebook.preview_rules(secretary, **chosen(proxies_per_holder=0, notice_days=20))
    assert (same.late_then, same.changed) == (same.late_now, 0)
    assert none.late_now >= none.late_then
    page = rulebook.read_rulebook(secretary).current
    assert (page.proxies_per_holder, page.notice_days, page.cooling_off_minutes, page.objection_days) == (1, 5, 30, 5)


@pytest.mark.parametrize(
    ("carried", "most", "said"),
    [
        (0, 1, ""),
        (1, 1, "n’en porte qu’un"),
        (1, 2, ""),
        (2, 2, "2 au plus"),
        (0, 0, "n’admettent pas de pouvoir"),
    ],
)
def test_a_person_carries_as_many_proxies_as_the_rules_say(carried: int, most: int, said: str) -> None:
    message = why_no_proxy([f"Siège {number}" for number in range(carried)], most)
    assert said in message
    assert bool(message) is bool(said)
