"""Who sees which séance and which of its items, and what the console costs in statements."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pdp.audit import service as audit
from pdp.core import clock
from pdp.core.errors import NotFound
from pdp.dispositifs.enums import Dispositif, StatusGroup, Verdict
from pdp.meetings import service
from pdp.meetings.enums import MeetingStatus, OpinionCode, VoteValue
from pdp.meetings.models import Meeting
from pdp.policy.actor import Actor
from tests.meetings.builders import build_meeting, results, rule
from tests.support.databases import as_owner
from tests.support.world import CASES, World

ActorOf = Callable[[str], Actor]

# What Cap emploi and the SPST may see today of the cases of the world.
SHARED = {"shared", "partial"}


def meetings_of(actor: Actor, **options: Any) -> set[str]:
    found, cursor = set(), None
    while True:
        page = service.list_meetings(actor, after=cursor, **options)
        found |= {row.meeting for row in page.rows}
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


@pytest.mark.parametrize("case", CASES)
def test_a_partner_sees_a_seance_only_through_a_case_shared_today(world: World, actor_of: ActorOf, case: str) -> None:
    meeting = build_meeting(world, cases=(f"a.{case}",)).meeting
    for person in ("a.cap_emploi", "a.spst"):
        actor = actor_of(person)
        assert (meeting in meetings_of(actor)) is (case in SHARED)
        if case in SHARED:
            assert len(service.read_meeting(actor, meeting).items) == 1
        else:
            for read in (service.read_meeting, service.meeting_state):
                with pytest.raises(NotFound):
                    read(actor, meeting)
        with pytest.raises(NotFound):
            service.read_console(actor, meeting)
        with pytest.raises(NotFound):
            service.read_room(actor, meeting)


def test_a_partner_gets_its_items_only_by_its_labels(world: World, actor_of: ActorOf) -> None:
    meeting = build_meeting(world, 3, cases=("a.shared", "a.alone", "a.partial"), ballots=True).meeting
    page = service.read_meeting(actor_of("a.cap_emploi"), meeting)
    assert [(row.reference, row.name, row.initials) for row in page.items] == [
        ("2026-0002", "PrénomShared NomShared", "P. N."),
        ("2026-0006", "", ""),
    ]
    assert [row.groups for row in page.items] == [(StatusGroup.SALARIE,), ()]
    assert {row.dispositif for row in page.items} == {Dispositif.BILAN_COMPETENCES}
    assert (page.seats, page.quorum, page.can_run) == ((), None, False)


def test_a_partner_reads_an_opinion_only_with_the_label(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 2, cases=("a.shared", "a.partial"))
    for item in seance.items:
        service.record_opinion(secretary, item, version=1, code=OpinionCode.ADJOURNED)
    page = service.read_meeting(actor_of("a.cap_emploi"), seance.meeting)
    assert [row.opinion for row in page.items] == [OpinionCode.ADJOURNED, None]


def test_another_cellule_sees_nothing(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, ballots=True)
    stranger = actor_of("b.coordinateur")
    assert seance.meeting not in meetings_of(stranger)
    reads: tuple[Callable[[], Any], ...] = (
        lambda: service.read_meeting(stranger, seance.meeting),
        lambda: service.read_console(stranger, seance.meeting),
        lambda: service.read_room(stranger, seance.meeting),
        lambda: service.meeting_state(stranger, seance.meeting),
        lambda: service.ballot_state(stranger, seance.ballots[0]),
        lambda: service.my_ballot(stranger, seance.ballots[0]),
        lambda: service.close_ballot(stranger, seance.ballots[0], version=1, confirm_missing=True),
        lambda: service.select_item(stranger, seance.items[0]),
    )
    for read in reads:
        with pytest.raises(NotFound):
            read()


@pytest.mark.parametrize("person", ["csam", "pilotage", "dpo", "admin"])
def test_roles_outside_the_seance_see_nothing_of_it(world: World, actor_of: ActorOf, person: str) -> None:
    meeting = build_meeting(world).meeting
    actor = actor_of(f"a.{person}")
    for read in (service.read_meeting, service.read_console, service.meeting_state):
        with pytest.raises(NotFound):
            read(actor, meeting)
    with pytest.raises(NotFound):
        service.list_meetings(actor)


def test_the_list_goes_page_by_page_without_losing_a_row(world: World, actor_of: ActorOf) -> None:
    start = clock.now() + timedelta(days=40)
    built = []
    with as_owner() as session:
        for number in range(7):
            at = start + timedelta(days=number // 2)
            meeting = Meeting(
                cellule_id=world.cellule["a"],
                starts_at=at,
                ends_at=at + timedelta(hours=1),
                place="Salle",
                status=MeetingStatus.PLANNED,
                created_by_id=world.user["a.coordinateur"],
            )
            session.add(meeting)
            session.flush()
            built.append(meeting.public_id)
        audit.record(None, "tests.meetings")
    secretary, found, cursor = actor_of("a.coordinateur"), [], None
    while True:
        page = service.list_meetings(secretary, after=cursor, limit=3)
        found += [row.meeting for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found[-7:] == built
    assert len(found) == len(set(found))


def test_the_agenda_shows_the_verdict_of_the_more_open_status(world: World, actor_of: ActorOf) -> None:
    kept = [
        *results(rule(verdict="ineligible", cause="false"), group="ti"),
        *results(rule(verdict="a_verifier", cause="unknown")),
    ]
    meeting = build_meeting(world, kept=kept).meeting
    row = service.read_console(actor_of("a.coordinateur"), meeting).items[0]
    assert row.verdict is Verdict.A_VERIFIER


def test_the_console_gives_neighbours_and_the_next_item_to_treat(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 3)
    service.record_opinion(secretary, seance.items[1], version=1, code=OpinionCode.ADJOURNED)
    console = service.read_console(secretary, seance.meeting, seance.items[1])
    assert console.current is not None
    assert (console.current.previous, console.current.following) == (seance.items[0], seance.items[2])
    assert console.current.opinion is not None
    assert console.current.proposal is None
    assert console.next_to_treat == seance.items[2]
    assert service.read_console(secretary, seance.meeting, seance.items[2]).next_to_treat == seance.items[0]


def test_the_tag_of_a_seance_follows_every_act(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 2)
    tags: list[str] = []

    def changed() -> bool:
        tags.append(service.meeting_state(secretary, seance.meeting).etag)
        return tags[-1] not in tags[:-1]

    assert changed()
    assert not changed()
    service.select_item(secretary, seance.items[0])
    assert changed()
    service.save_discussion(secretary, seance.items[0], base="", discussion="Notes.")
    assert changed()
    ballot = service.open_ballot(secretary, seance.items[0], version=1)
    assert changed()
    state = service.meeting_state(actor_of("a.cpam"), seance.meeting)
    assert (state.current_item, state.open_ballot, state.my_ballot) == (seance.items[0], ballot, ballot)
    service.cast_vote(actor_of("a.cpam"), ballot, value=VoteValue.FOR)
    assert changed()
    service.close_ballot(secretary, ballot, version=1, confirm_missing=True)
    assert changed()
    assert service.meeting_state(secretary, seance.meeting).open_ballot is None
    service.record_opinion(secretary, seance.items[1], version=1, code=OpinionCode.ADJOURNED)
    assert changed()


def test_the_tag_of_a_partner_does_not_move_with_the_cases_of_others(world: World, actor_of: ActorOf) -> None:
    secretary, partner = actor_of("a.coordinateur"), actor_of("a.cap_emploi")
    seance = build_meeting(world, 2, cases=("a.alone", "a.shared"))
    before = service.meeting_state(partner, seance.meeting)
    service.select_item(secretary, seance.items[0])
    ballot = service.open_ballot(secretary, seance.items[0], version=1)
    hidden = service.meeting_state(partner, seance.meeting)
    assert hidden == before
    assert (hidden.current_item, hidden.open_ballot) == (None, None)
    service.close_ballot(secretary, ballot, version=1, confirm_missing=True)
    service.select_item(secretary, seance.items[1])
    shown = service.meeting_state(partner, seance.meeting)
    assert shown.current_item == seance.items[1]
    assert shown.etag != before.etag


# Reads: séance, agenda, eligibilities, seats, points; of the item in the middle: answers, votes, pieces, actions,
# and the sentences of the cellule for its dispositif.
BUDGET = 10


def test_the_console_of_40_items_runs_as_many_statements_as_that_of_5(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any]
) -> None:
    secretary, counts = actor_of("a.coordinateur"), []
    for items in (5, 40):
        seance = build_meeting(world, items, cases=("a.shared", "a.alone"), ballots=True, votes=8)
        with count_queries() as seen:
            console = service.read_console(secretary, seance.meeting, seance.items[2])
        assert len(console.items) == items
        assert console.current is not None
        assert console.current.ballot is not None
        assert [seat.value for seat in console.current.ballot.seats] == [VoteValue.FOR] * 8
        counts.append(len([statement for statement in seen if statement.startswith("SELECT")]))
    assert counts == [BUDGET, BUDGET]


def test_the_other_pages_run_as_many_statements_for_40_items_as_for_5(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any]
) -> None:
    secretary, partner = actor_of("a.coordinateur"), actor_of("a.cap_emploi")
    pages: dict[str, Callable[[str], Any]] = {
        "page": lambda meeting: service.read_meeting(secretary, meeting),
        "partner's page": lambda meeting: service.read_meeting(partner, meeting),
        "room": lambda meeting: service.read_room(secretary, meeting),
        "list": lambda _meeting: service.list_meetings(secretary),
    }
    counts: dict[str, list[int]] = {name: [] for name in pages}
    for items in (5, 40):
        seance = build_meeting(world, items, ballots=True, votes=8)
        service.select_item(secretary, seance.items[0])
        for name, read in pages.items():
            with count_queries() as seen:
                read(seance.meeting)
            counts[name].append(len(seen))
    # The page of the core adds up the day of each partner, and says what came late.
    most = {"page": 16, "partner's page": 10, "room": 10, "list": 10}
    assert all(first == second <= most[name] for name, (first, second) in counts.items()), counts
