"""A séance's own page: its preparation for the coordinator, its agenda for those who may read it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif, PersonStatus
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem, Meeting
from pdp.requests.enums import RequestStatus
from tests.meetings.pages import NEXT_WEEK, count_statements, entries, plain, plan, read, status_of, typed
from tests.meetings.planning_data import (
    add_case,
    add_item,
    add_meeting,
    add_opinion,
    add_request,
    world_case,
    writing,
)
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.normalise import normalised
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def _agenda(meeting_id: str) -> list[tuple[str, int]]:
    """Return the public ids and versions of the items of a séance, in order."""
    with as_owner() as session:
        rows = session.execute(
            select(AgendaItem.public_id, AgendaItem.version)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(Meeting.public_id == meeting_id)
            .order_by(AgendaItem.position)
        )
        return [(row.public_id, row.version) for row in rows]


def test_the_preparation_shows_what_waits_and_what_is_missing(sign_in_as: SignIn, world: World) -> None:
    meeting_id, _ = plan(world, 1, missing=("l’accord du médecin-conseil", "la convention d’essai encadré"))
    page = read(sign_in_as("a.coordinateur"), f"/seances/{meeting_id}")
    assert "Demandes en attente 1" in page
    assert "Ada0 Lovelace 2026-0100" in page
    assert "Pièce manquante" in page
    assert "Il manque l’accord du médecin-conseil et la convention d’essai encadré." in page
    assert "L’ordre du jour est vide" in page
    assert "2 h 30 disponibles" in page
    assert "6 sièges délibératifs sur 6 ont quelqu’un pour siéger ; il en faut 3, avec les trois services." in page


def test_an_adjourned_request_waits_again_and_others_do_not(sign_in_as: SignIn, world: World) -> None:
    with writing():
        meeting_id = add_meeting(world, clock.today() + NEXT_WEEK).public_id
        for number, status in enumerate(RequestStatus):
            add_request(world, add_case(world, 300 + number, f"État{number}", status), status=status)
    page = read(sign_in_as("a.coordinateur"), f"/seances/{meeting_id}")
    shown = [status for status in RequestStatus if f" {status} 2026-03" in page]
    assert shown == [RequestStatus.READY, RequestStatus.ADJOURNED]


def test_a_self_employed_person_is_told_apart(sign_in_as: SignIn, world: World) -> None:
    with writing():
        meeting_id = add_meeting(world, clock.today() + NEXT_WEEK).public_id
        add_request(world, add_case(world, 400, "Paul", "Guérin", PersonStatus.SE_TRADE))
    html = sign_in_as("a.coordinateur").get(f"/seances/{meeting_id}").get_data(as_text=True)
    assert 'class="chip chip-ti"' in html
    assert "chip-salarie" not in html


def test_a_request_is_put_on_the_agenda_then_taken_off(sign_in_as: SignIn, world: World) -> None:
    meeting_id, (request_id,) = plan(world)
    client = sign_in_as("a.coordinateur")
    client.post(f"/seances/{meeting_id}/ordre-du-jour", data={"request": request_id, "planned_minutes": "25"})
    page = read(client, f"/seances/{meeting_id}")
    assert "Demandes en attente 0" in page
    assert "25 min prévues sur 2 h 30 : il reste 2 h 05." in page
    assert status_of(request_id) is RequestStatus.SCHEDULED
    ((item_id, version),) = _agenda(meeting_id)
    client.post(f"/seances/{meeting_id}/points/{item_id}/retirer", data={"version": version})
    assert "Demandes en attente 1" in read(client, f"/seances/{meeting_id}")
    assert status_of(request_id) is RequestStatus.READY
    assert [len(entries(name)) for name in ("agenda.add", "agenda.remove")] == [1, 1]


@pytest.mark.parametrize("minutes", ["0", "241", "dix"])
def test_wrong_minutes_are_refused_and_kept(sign_in_as: SignIn, world: World, minutes: str) -> None:
    meeting_id, (request_id,) = plan(world)
    answer = sign_in_as("a.coordinateur").post(
        f"/seances/{meeting_id}/ordre-du-jour", data={"request": request_id, "planned_minutes": minutes}
    )
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert f'value="{minutes}" aria-invalid="true"' in html
    assert "Un point est à corriger" in html
    assert not _agenda(meeting_id)


def test_a_request_already_tabled_is_refused_in_words(sign_in_as: SignIn, world: World) -> None:
    meeting_id, (request_id,) = plan(world)
    client = sign_in_as("a.coordinateur")
    data = {"request": request_id, "planned_minutes": "10"}
    client.post(f"/seances/{meeting_id}/ordre-du-jour", data=data)
    answer = client.post(f"/seances/{meeting_id}/ordre-du-jour", data=data)
    assert answer.status_code == 422
    assert "La demande est inscrite à une séance. Retirez-la d’abord de la séance." in plain(
        answer.get_data(as_text=True)
    )


def test_items_move_up_and_down_with_buttons(sign_in_as: SignIn, world: World) -> None:
    meeting_id, requests = plan(world, 3)
    client = sign_in_as("a.coordinateur")
    for request_id in requests:
        client.post(f"/seances/{meeting_id}/ordre-du-jour", data={"request": request_id})
    (one, _), (two, _), (three, version) = _agenda(meeting_id)
    answer = client.post(f"/seances/{meeting_id}/points/{three}/deplacer", data={"version": version, "to": "up"})
    assert answer.location == f"/seances/{meeting_id}#point-{three}"
    assert [item for item, _ in _agenda(meeting_id)] == [one, three, two]
    first = _agenda(meeting_id)[0]
    client.post(f"/seances/{meeting_id}/points/{one}/deplacer", data={"version": first[1], "to": "down"})
    assert [item for item, _ in _agenda(meeting_id)] == [three, one, two]
    html = client.get(f"/seances/{meeting_id}").get_data(as_text=True)
    assert html.count('value="up"') == 2
    assert html.count('value="down"') == 2


@pytest.mark.parametrize("data", [{"version": "99", "to": "up"}, {"to": "up"}, {"version": "1", "to": "de côté"}])
def test_a_stale_or_meaningless_move_changes_nothing_and_says_so(
    sign_in_as: SignIn, world: World, data: dict[str, str]
) -> None:
    meeting_id, requests = plan(world, 2)
    client = sign_in_as("a.coordinateur")
    for request_id in requests:
        client.post(f"/seances/{meeting_id}/ordre-du-jour", data={"request": request_id})
    before = _agenda(meeting_id)
    client.post(f"/seances/{meeting_id}/points/{before[1][0]}/deplacer", data=data)
    assert _agenda(meeting_id) == before
    assert "L’ordre du jour a changé entre-temps" in read(client, f"/seances/{meeting_id}")


def test_an_agenda_longer_than_the_seance_is_flagged(sign_in_as: SignIn, world: World) -> None:
    with writing():
        meeting = add_meeting(world, clock.today() + NEXT_WEEK)
        for number in range(4):
            request = add_request(world, add_case(world, 500 + number, "A", "B"), status=RequestStatus.SCHEDULED)
            add_item(meeting, request, number + 1, minutes=45)
        meeting_id = meeting.public_id
    page = read(sign_in_as("a.coordinateur"), f"/seances/{meeting_id}")
    assert "3 h prévues sur 2 h 30 : l’ordre du jour dépasse de 30 min ." in page
    assert "14 h 45" in page
    assert "16 h 15" in page


def test_a_member_reads_the_agenda_without_its_buttons(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cpam_2")
    html = client.get(f"/seances/{world.meeting['a.open']}").get_data(as_text=True)
    assert f"/demandes/{world.request['a.alone']}" in html
    assert "Demandes en attente" not in html
    assert "Retirer" not in html
    assert "Ouvrir la console" not in html


def test_a_member_with_a_seat_is_led_to_the_open_ballot(sign_in_as: SignIn, world: World) -> None:
    path = f"/seances/{world.meeting['a.open']}"
    link = f'href="{path}/vote/{world.ballot["a.shared"]}"'
    assert link in sign_in_as("a.cpam").get(path).get_data(as_text=True)
    assert link in sign_in_as("a.cap_emploi").get(path).get_data(as_text=True)
    assert link not in sign_in_as("a.spst").get(path).get_data(as_text=True)


def test_a_partner_sees_its_own_items_and_no_sign_of_the_others(sign_in_as: SignIn, world: World) -> None:
    html = sign_in_as("a.cap_emploi").get(f"/seances/{world.meeting['a.open']}").get_data(as_text=True)
    page = plain(html)
    assert "1 point vous concerne." in page
    assert "PrénomShared NomShared" in page
    assert "NomAlone" not in html
    assert world.case["a.alone"] not in html
    assert "Quorum" not in page
    assert "Heure prévue" not in page


def test_a_partner_without_the_identity_reads_the_reference_alone(sign_in_as: SignIn, world: World) -> None:
    with writing():
        meeting = add_meeting(world, clock.today() + NEXT_WEEK)
        add_item(meeting, add_request(world, world_case(world, "a.partial"), status=RequestStatus.SCHEDULED), 1)
        meeting_id = meeting.public_id
    html = sign_in_as("a.spst").get(f"/seances/{meeting_id}").get_data(as_text=True)
    assert "2026-0006" in html
    assert "NomPartial" not in html
    assert "chip-salarie" not in html


@pytest.mark.parametrize("name", ["expired", "withdrawn", "future", "alone"])
def test_a_partner_without_sharing_finds_nothing(sign_in_as: SignIn, world: World, name: str) -> None:
    with writing():
        meeting = add_meeting(world, clock.today() + NEXT_WEEK)
        add_item(meeting, add_request(world, world_case(world, f"a.{name}"), status=RequestStatus.SCHEDULED), 1)
        meeting_id = meeting.public_id
    client = sign_in_as("a.cap_emploi")
    refused, missing = client.get(f"/seances/{meeting_id}"), client.get("/seances/nulle-part")
    assert refused.status_code == missing.status_code == 404
    assert normalised(refused) == normalised(missing)


def test_another_cellule_finds_nothing(sign_in_as: SignIn, world: World) -> None:
    meeting_id, (request_id,) = plan(world)
    client = sign_in_as("b.coordinateur")
    assert client.get(f"/seances/{meeting_id}").status_code == 404
    assert client.post(f"/seances/{meeting_id}/ordre-du-jour", data={"request": request_id}).status_code == 404
    assert client.post(f"/seances/{meeting_id}/modifier", data=typed(version="1")).status_code == 404


def test_a_closed_seance_leads_to_its_minutes_and_changes_no_more(sign_in_as: SignIn, world: World) -> None:
    with writing():
        meeting = add_meeting(world, clock.today() - NEXT_WEEK, MeetingStatus.CLOSED)
        item = add_item(meeting, add_request(world, world_case(world, "a.shared"), Dispositif.PMSMP), 1)
        add_opinion(world, item)
        meeting_id = meeting.public_id
    html = sign_in_as("a.coordinateur").get(f"/seances/{meeting_id}").get_data(as_text=True)
    assert f"/seances/{meeting_id}/proces-verbal" in html
    assert "Favorable" in html
    assert "Demandes en attente" not in html
    assert "Ouvrir la console" not in html


def test_each_page_leaves_its_entries_with_counts_and_no_name(sign_in_as: SignIn, world: World) -> None:
    meeting_id, _ = plan(world, 2)
    client = sign_in_as("a.coordinateur")
    client.get(f"/seances/{meeting_id}")
    (read,), (listed,) = entries("meeting.read"), entries("request.list")
    assert read.detail == {"items": 0}
    assert listed.detail == {"filter": "backlog", "count": 2}
    assert read.user_id == listed.user_id == world.user["a.coordinateur"]


@pytest.mark.parametrize("person", ["a.coordinateur", "a.cpam", "a.cap_emploi"])
def test_five_and_forty_requests_cost_the_same(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any], person: str
) -> None:
    with writing():
        meeting = add_meeting(world, clock.today() + NEXT_WEEK)
        add_item(meeting, add_request(world, world_case(world, "a.shared"), status=RequestStatus.SCHEDULED), 1)
        meeting_id = meeting.public_id
    client, counts = sign_in_as(person), []
    for low, high in ((0, 4), (4, 39)):
        with writing():
            meeting = db.session().scalars(select(Meeting).where(Meeting.public_id == meeting_id)).one()
            for number in range(low, high):
                case = add_case(world, 600 + number, "Ada", f"Numéro{number}")
                add_item(meeting, add_request(world, case, status=RequestStatus.SCHEDULED), number + 2)
                add_request(world, case, Dispositif.PMSMP)
        counts.append(
            [count_statements(client, path, count_queries) for path in (f"/seances/{meeting_id}", "/seances")]
        )
    assert counts[0] == counts[1], f"{person}: {counts}"


def test_five_and_forty_seances_cost_the_same(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any]
) -> None:
    client, counts = sign_in_as("a.cpam"), []
    for low, high in ((1, 5), (5, 40)):
        with writing():
            for weeks in range(low, high):
                add_meeting(world, clock.today() + weeks * NEXT_WEEK)
        counts.append(count_statements(client, "/seances", count_queries))
    assert counts[0] == counts[1]
