"""The order of an agenda: rules by hand, then one act, its undoing, and what goes elsewhere."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pdp.cases.enums import StoppageOrigin
from pdp.cases.models import Stoppage
from pdp.core import clock, db
from pdp.core.calendar import Territory, subtract_working_days
from pdp.meetings.enums import AgendaTraceKind
from pdp.meetings.models import AgendaItem, AgendaTrace, Meeting
from pdp.meetings.rules.deadline import is_late, submission_deadline
from pdp.meetings.rules.ordering import Candidate, OrderRule, first_end, ordered, ranks_of, restored
from pdp.requests.enums import RequestStatus
from tests.meetings.pages import NEXT_WEEK, count_statements, entries, read
from tests.meetings.planning_data import add_case, add_item, add_meeting, add_request, writing
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def on(text: str) -> date:
    day, month = text.split("/")
    return date(2026, int(month), int(day))


@pytest.mark.parametrize(
    ("rule", "items", "expected"),
    [
        (OrderRule.URGENT, [Candidate(1), Candidate(2, on("5/3")), Candidate(3, on("1/3"))], (3, 2, 1)),
        # Alike: the present order stays.
        (OrderRule.URGENT, [Candidate(1, on("1/3")), Candidate(2, on("1/3")), Candidate(3)], (1, 2, 3)),
        # What was begun keeps its place.
        (OrderRule.URGENT, [Candidate(1, fixed=True), Candidate(2), Candidate(3, on("1/3"))], (1, 3, 2)),
        (OrderRule.URGENT, [Candidate(1), Candidate(2, fixed=True), Candidate(3, on("1/3"))], (3, 2, 1)),
        (OrderRule.URGENT, [], ()),
        (
            OrderRule.REFERENT,
            [
                Candidate(1, referent="Morin"),
                Candidate(2),
                Candidate(3, referent="albert"),
                Candidate(4, referent="Morin"),
            ],
            (3, 1, 4, 2),
        ),
        # Partner 7 has three items: they come together, shared ones near the end, then the rest of partner 8.
        (
            OrderRule.PARTNER,
            [
                Candidate(1),
                Candidate(2, partners=frozenset({7})),
                Candidate(3, partners=frozenset({8})),
                Candidate(4, partners=frozenset({7, 8})),
                Candidate(5, partners=frozenset({7})),
            ],
            (2, 5, 4, 3, 1),
        ),
    ],
)
def test_orders_by_hand(rule: OrderRule, items: list[Candidate], expected: tuple[int, ...]) -> None:
    assert ordered(rule, items) == expected


def test_an_order_is_undone_by_ranks() -> None:
    before, after = (11, 12, 13), (13, 11, 12)
    assert ranks_of(before, after) == (2, 3, 1)
    assert restored(after, (2, 3, 1)) == before
    assert [restored(after, ranks) for ranks in ((1, 2), (1, 1, 2), (1, 2, 4), ())] == [None] * 4


def test_the_first_end_ahead_presses_and_what_is_over_does_not() -> None:
    ends = [on("1/3"), None, on("9/3"), on("5/3")]
    assert first_end(ends, on("2/3")) == on("5/3")
    assert first_end(ends, on("5/3")) == on("5/3")
    assert first_end(ends, on("10/3")) is None


@pytest.mark.parametrize(
    ("held_on", "deadline"),
    [
        # Jours ouvrables: Saturdays count, Sundays and holidays do not.
        ("17/3", "11/3"),
        ("14/3", "9/3"),
        # Easter Monday is 6 April 2026.
        ("9/4", "2/4"),
        # 1 and 8 May, and the Ascension on 14 May.
        ("15/5", "7/5"),
    ],
)
def test_the_deadline_counts_working_days_backwards(held_on: str, deadline: str) -> None:
    assert submission_deadline(on(held_on), Territory.METROPOLE, 5) == on(deadline)


def test_the_deadline_itself_is_in_time() -> None:
    assert not is_late(on("11/3"), on("11/3"))
    assert is_late(on("12/3"), on("11/3"))
    assert subtract_working_days(on("17/3"), 0) == on("17/3")
    with pytest.raises(ValueError, match="negative"):
        subtract_working_days(on("17/3"), -1)


def _tabled(world: World, count: int = 3, ahead: timedelta = NEXT_WEEK) -> tuple[str, list[str]]:
    """Add a séance in a week with requests; the last one has the arrêt that ends first."""
    with writing():
        meeting = add_meeting(world, clock.today() + ahead)
        items = []
        for number in range(count):
            case = add_case(world, 700 + number, f"Ada{number}", "Byron")
            request = add_request(world, case, status=RequestStatus.SCHEDULED, days_ago=0 if number else 30)
            items.append(add_item(meeting, request, number + 1).public_id)
            stoppage = Stoppage(
                cellule_id=case.cellule_id,
                case_id=case.id,
                origin=StoppageOrigin.ILLNESS,
                starts_on=clock.today() - timedelta(days=20),
                prescribed_end=clock.today() + timedelta(days=50 - number),
            )
            db.session().add(stoppage)
            db.session().flush()
        return meeting.public_id, items


def _order(meeting: str) -> list[str]:
    with as_owner() as session:
        return list(
            session.scalars(
                select(AgendaItem.public_id)
                .join(Meeting, Meeting.id == AgendaItem.meeting_id)
                .where(Meeting.public_id == meeting)
                .order_by(AgendaItem.position)
            )
        )


def _version(meeting: str) -> int:
    with as_owner() as session:
        return session.scalars(select(Meeting.version).where(Meeting.public_id == meeting)).one()


def test_an_order_is_looked_at_put_in_place_and_undone(sign_in_as: SignIn, world: World) -> None:
    meeting, (one, two, three) = _tabled(world)
    client = sign_in_as("a.coordinateur")
    proposal = read(client, f"/seances/{meeting}/ordre?regle=urgence")
    assert "3 demandes restent inscrites" in proposal
    assert _order(meeting) == [one, two, three]
    answer = client.post(f"/seances/{meeting}/ordre", data={"rule": "urgence", "version": _version(meeting)})
    assert _order(meeting) == [three, two, one]
    page = client.get(answer.location).get_data(as_text=True)
    assert "Rétablir l’ordre précédent" in page
    assert 'name="ranks" value="3.2.1"' in page
    client.post(f"/seances/{meeting}/ordre/retablir", data={"ranks": "3.2.1", "version": _version(meeting)})
    assert _order(meeting) == [one, two, three]
    assert "Rétablir" not in read(client, answer.location), "the offer ends with the next change"
    assert [len(entries(act)) for act in ("agenda.propose_order", "agenda.order", "agenda.restore_order")] == [1, 1, 1]


@pytest.mark.parametrize(
    "data", [{"ranks": "1.2", "version": 1}, {"ranks": "3.2.1", "version": 9}, {"ranks": "x", "version": 1}]
)
def test_an_undoing_that_no_longer_fits_changes_nothing(
    sign_in_as: SignIn, world: World, data: dict[str, Any]
) -> None:
    meeting, items = _tabled(world)
    client = sign_in_as("a.coordinateur")
    client.post(f"/seances/{meeting}/ordre/retablir", data=data)
    assert _order(meeting) == items


def test_an_item_goes_to_a_rank_as_dragging_posts_it(sign_in_as: SignIn, world: World) -> None:
    meeting, (one, two, three) = _tabled(world)
    client = sign_in_as("a.coordinateur")
    answer = client.post(f"/seances/{meeting}/points/{three}/deplacer", data={"version": 1, "to": "1"})
    assert answer.location.endswith(f"#point-{three}")
    assert _order(meeting) == [three, one, two]


def test_an_unknown_rule_is_no_page(sign_in_as: SignIn, world: World) -> None:
    meeting, _ = _tabled(world, 1)
    assert sign_in_as("a.coordinateur").get(f"/seances/{meeting}/ordre?regle=hasard").status_code == 404
    assert sign_in_as("a.cpam").get(f"/seances/{meeting}/ordre?regle=urgence").status_code == 404


def test_minutes_are_changed_and_late_requests_flagged(sign_in_as: SignIn, world: World) -> None:
    # Tomorrow: what was declared ready today is late, what was a month ago is not.
    meeting, (one, *_) = _tabled(world, ahead=timedelta(days=1))
    client = sign_in_as("a.coordinateur")
    assert read(client, f"/seances/{meeting}").count("Hors délai") == 2
    client.post(f"/seances/{meeting}/points/{one}/duree", data={"version": 1, "planned_minutes": 25})
    assert "45 min prévues" in read(client, f"/seances/{meeting}")
    client.post(f"/seances/{meeting}/points/{one}/duree", data={"version": 2, "planned_minutes": 0})
    assert "45 min prévues" in read(client, f"/seances/{meeting}")


def test_a_request_sent_elsewhere_leaves_its_trace_in_both(sign_in_as: SignIn, world: World) -> None:
    meeting, (one, two, three) = _tabled(world)
    with writing():
        other = add_meeting(world, clock.today() + 2 * NEXT_WEEK, place="Salle Sein").public_id
    client = sign_in_as("a.coordinateur")
    assert "Renvoyer à une autre séance" in read(client, f"/seances/{meeting}/points/{two}/renvoyer")
    answer = client.post(f"/seances/{meeting}/points/{two}/renvoyer", data={"version": 1, "meeting": other})
    assert answer.status_code == 302
    assert _order(meeting) == [one, three]
    assert len(_order(other)) == 1
    with as_owner() as session:
        kinds = session.scalars(select(AgendaTrace.kind).order_by(AgendaTrace.id)).all()
        request = session.scalars(select(AgendaTrace).limit(1)).one().request_id
    assert kinds == [AgendaTraceKind.MOVED_AWAY, AgendaTraceKind.MOVED_HERE]
    assert request
    assert "Renvoyé à la séance du" in read(client, f"/seances/{meeting}")
    assert "Venu de la séance du" in read(client, f"/seances/{other}")
    (entry,) = entries("agenda.send_elsewhere")
    assert set(entry.detail) == {"meeting", "target"}


def test_nothing_goes_to_the_same_seance_nor_with_a_stale_form(sign_in_as: SignIn, world: World) -> None:
    meeting, items = _tabled(world, 1)
    client, path = sign_in_as("a.coordinateur"), f"/seances/{meeting}/points/{items[0]}/renvoyer"
    assert client.post(path, data={"version": 1, "meeting": meeting}).status_code == 422
    assert client.post(path, data={"version": 1}).status_code == 422
    with writing():
        other = add_meeting(world, clock.today() + 2 * NEXT_WEEK).public_id
    client.post(path, data={"version": 7, "meeting": other})
    assert _order(meeting) == items


def test_forty_items_cost_the_order_no_more_statements(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any]
) -> None:
    client, counts = sign_in_as("a.coordinateur"), []
    for count in (2, 12):
        meeting, _ = _tabled_more(world, count)
        counts.append(count_statements(client, f"/seances/{meeting}/ordre?regle=partenaire", count_queries))
    assert counts[0] == counts[1]


def _tabled_more(world: World, count: int) -> tuple[str, int]:
    with writing():
        meeting = add_meeting(world, clock.today() + count * NEXT_WEEK)
        for number in range(count):
            case = add_case(world, 1000 * count + number, "Ada", f"Byron{number}")
            add_item(meeting, add_request(world, case, status=RequestStatus.SCHEDULED), number + 1)
        return meeting.public_id, count
