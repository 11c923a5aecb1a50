"""The list of séances and the form that plans one, role by role."""

import re
from collections.abc import Callable

import pytest

from pdp.core import clock
from pdp.meetings.enums import MeetingStatus
from pdp.requests.enums import RequestStatus
from tests.meetings.pages import NEXT_WEEK, entries, plain, plan, read, typed
from tests.meetings.planning_data import add_item, add_meeting, add_request, world_case, writing
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def test_the_list_shows_the_next_seance_then_the_past_ones(sign_in_as: SignIn, world: World) -> None:
    with writing():
        add_meeting(world, clock.today() + NEXT_WEEK, place="Salle Iroise")
        add_meeting(world, clock.today() - NEXT_WEEK, MeetingStatus.CLOSED, place="Salle Molène")
    page = read(sign_in_as("a.service_social"), "/seances")
    assert page.index("Séance en cours") < page.index("Salle Iroise") < page.index("Salle Molène")
    assert "14 h à 16 h 30, dans 7 jours" in page
    assert "Planifier une séance" not in page


def test_the_coordinator_is_invited_toplan(sign_in_as: SignIn, world: World) -> None:
    page = read(sign_in_as("a.coordinateur"), "/seances")
    assert "Planifier une séance" in page
    assert "Reprendre la séance" in page


def test_an_empty_list_says_what_will_come(sign_in_as: SignIn, world: World) -> None:
    page = read(sign_in_as("a.comete"), "/seances")
    assert "Aucune séance à venir" in page
    assert "dès qu’un dossier partagé avec votre organisme y sera inscrit" in page


def test_a_partner_lists_only_seances_with_a_case_shared_with_it(sign_in_as: SignIn, world: World) -> None:
    with writing():
        seen = add_meeting(world, clock.today() + NEXT_WEEK, place="Salle Iroise")
        hidden = add_meeting(world, clock.today() + 2 * NEXT_WEEK, place="Salle Molène")
        add_item(seen, add_request(world, world_case(world, "a.shared"), status=RequestStatus.SCHEDULED), 1)
        add_item(seen, add_request(world, world_case(world, "a.alone"), status=RequestStatus.SCHEDULED), 2)
        for position, name in enumerate(("alone", "expired", "withdrawn", "future"), start=1):
            add_item(
                hidden, add_request(world, world_case(world, f"a.{name}"), status=RequestStatus.SCHEDULED), position
            )
    page = read(sign_in_as("a.cap_emploi"), "/seances")
    assert "Salle Iroise" in page
    assert "1 demande vous concerne" in page
    assert "Salle Molène" not in page


@pytest.mark.parametrize("role", ["pilotage", "dpo", "admin", "csam"])
def test_those_outside_the_cellule_find_no_seance(sign_in_as: SignIn, world: World, role: str) -> None:
    client = sign_in_as(f"a.{role}")
    for path in ("/seances", f"/seances/{world.meeting['a.open']}", "/actions", "/decisions", "/seances/nouvelle"):
        assert client.get(path).status_code == 404, path


def test_past_seances_come_by_pages(sign_in_as: SignIn, world: World) -> None:
    with writing():
        for weeks in range(1, 26):
            add_meeting(world, clock.today() - weeks * NEXT_WEEK, MeetingStatus.CLOSED, place=f"Salle {weeks:02}")
    client = sign_in_as("a.cpam")
    first = client.get("/seances").get_data(as_text=True)
    follows = re.search(r'href="(/seances\?apres=[^"]+)"', first)
    assert follows
    assert "Salle 20" in first
    assert "Salle 21" not in first
    second = read(client, follows[1])
    assert "Salle 21" in second
    assert "Salle 25" in second
    assert "Salle 20" not in second


def test_planning_leads_to_the_preparation_page(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.coordinateur")
    answer = client.post("/seances/nouvelle", data=typed(start="09:00", end="11:15"))
    assert answer.status_code == 302
    page = read(client, answer.location)
    assert "9 h à 11 h 15, Salle Iroise" in page
    assert "La séance est planifiée." in page
    assert len(entries("meeting.plan")) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": "13:30"}, "La fin doit venir après le début."),
        ({"end": "14:00"}, "La fin doit venir après le début."),
        ({"day": "2020-01-02"}, "Cette date est passée : choisissez une date à venir."),
        ({"day": "31/02/2027"}, "Cette date n’existe pas."),
        ({"start": "25:00"}, "Cette heure n’existe pas."),
        ({"place": ""}, "Ce champ est obligatoire."),
        ({"video_link": "javascript:alert(1)"}, "elle commence par https://"),
    ],
)
def test_a_wrong_plan_says_why_and_keeps_what_wastyped(
    sign_in_as: SignIn, world: World, changes: dict[str, str], sentence: str
) -> None:
    client = sign_in_as("a.coordinateur")
    answer = client.post("/seances/nouvelle", data=typed(**({"place": "Salle du phare"} | changes)))
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert sentence in plain(html)
    for value in ({"place": "Salle du phare", "start": "14:00"} | changes).values():
        assert f'value="{value}"' in html
    assert not entries("meeting.plan")


def test_only_the_coordinator_plans(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.service_social")
    assert client.get("/seances/nouvelle").status_code == 404
    assert client.post("/seances/nouvelle", data=typed()).status_code == 404


def test_rescheduling_changes_the_seance(sign_in_as: SignIn, world: World) -> None:
    meeting_id, _ = plan(world)
    client = sign_in_as("a.coordinateur")
    form = client.get(f"/seances/{meeting_id}/modifier").get_data(as_text=True)
    assert 'value="14:00"' in form
    answer = client.post(f"/seances/{meeting_id}/modifier", data=typed(place="Salle Ouessant", version="1"))
    assert answer.location == f"/seances/{meeting_id}"
    assert "Salle Ouessant" in read(client, answer.location)


def test_a_wrong_change_keeps_what_wastyped(sign_in_as: SignIn, world: World) -> None:
    meeting_id, _ = plan(world)
    client = sign_in_as("a.coordinateur")
    answer = client.post(f"/seances/{meeting_id}/modifier", data=typed(place="Phare", end="10:00", version="1"))
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'value="Phare"' in html
    assert 'name="version" value="1"' in html


def test_a_stale_form_shows_both_texts_and_can_be_saved_from_there(sign_in_as: SignIn, world: World) -> None:
    meeting_id, _ = plan(world)
    client = sign_in_as("a.coordinateur")
    client.post(f"/seances/{meeting_id}/modifier", data=typed(place="Salle Ouessant", version="1"))
    answer = client.post(f"/seances/{meeting_id}/modifier", data=typed(place="Salle Sein", version="1"))
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert "Votre saisie n’est pas perdue" in html
    assert "Salle Sein" in html
    assert "Salle Ouessant" in html
    assert "4 champs identiques" in plain(html)
    assert "Salle Ouessant" in read(client, f"/seances/{meeting_id}")
    answer = client.post(f"/seances/{meeting_id}/modifier", data=typed(place="Salle Sein", version="2"))
    assert "Salle Sein" in read(client, answer.location)


def test_an_open_seance_is_not_moved(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.coordinateur")
    answer = client.post(f"/seances/{world.meeting['a.open']}/modifier", data=typed(place="Ailleurs", version="1"))
    assert answer.status_code == 422
    assert "Ailleurs" in answer.get_data(as_text=True)
