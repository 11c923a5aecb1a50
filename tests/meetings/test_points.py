"""Points about no case: planned, settled in séance, printed, and kept from whom they must be."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pdp.core import clock
from pdp.meetings import service
from pdp.meetings.enums import MeetingStatus, PointKind, PointPlace
from pdp.meetings.models import AgendaPoint, Meeting
from pdp.policy.actor import Actor
from tests.meetings.builders import build_meeting
from tests.meetings.pages import NEXT_WEEK, entries, plain, read, typed
from tests.meetings.planning_data import add_item, add_meeting, add_request, world_case, writing
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def points(meeting: str) -> list[AgendaPoint]:
    with as_owner() as session:
        return list(
            session.scalars(
                select(AgendaPoint)
                .join(Meeting, Meeting.id == AgendaPoint.meeting_id)
                .where(Meeting.public_id == meeting)
                .order_by(AgendaPoint.place.desc(), AgendaPoint.rank)
            )
        )


def test_a_planned_seance_begins_with_the_minutes_and_the_actions(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.coordinateur")
    path = client.post("/seances/nouvelle", data=typed()).location
    page = read(client, path)
    first, second = "Approbation du procès-verbal de la séance précédente", "Revue des actions en cours"
    assert page.index(first) < page.index(second)
    # 14 h, then five minutes for the approval.
    assert "14 h 05" in page
    assert "15 min prévues sur 2 h 30" in page


def test_a_point_is_added_changed_and_taken_off(sign_in_as: SignIn, world: World) -> None:
    meeting = build_meeting(world, 1, status=MeetingStatus.PLANNED).meeting
    client, path = sign_in_as("a.coordinateur"), f"/seances/{meeting}/points-divers"
    refused = client.post(f"{path}/nouveau", data={"kind": "INFORMATION", "title": " "})
    assert refused.status_code == 422
    assert "Écrivez l’intitulé du point." in refused.get_data(as_text=True)
    added = {"kind": "INFORMATION", "title": "Nouvelle convention", "place": "CLOSING", "planned_minutes": "15"}
    assert client.post(f"{path}/nouveau", data=added).status_code == 302
    (point,) = points(meeting)
    assert (point.place, point.rank, point.planned_minutes) == (PointPlace.CLOSING, 1, 15)
    page = read(client, f"/seances/{meeting}")
    assert page.index("PrénomShared") < page.index("Nouvelle convention")
    changed = {"version": "1", "title": "Convention 2027", "place": "OPENING", "planned_minutes": "5"}
    assert client.post(f"{path}/{point.public_id}", data=changed).status_code == 302
    page = read(client, f"/seances/{meeting}")
    assert page.index("Convention 2027") < page.index("PrénomShared")
    stale = client.post(f"{path}/{point.public_id}", data=changed | {"title": "Autre"})
    assert stale.status_code == 422
    assert "Quelqu’un a modifié ce point entre-temps" in plain(stale.get_data(as_text=True))
    assert 'value="Autre"' in stale.get_data(as_text=True)
    client.post(f"{path}/{point.public_id}/retirer", data={"version": "2"})
    assert points(meeting) == []
    assert [len(entries(act)) for act in ("point.add", "point.edit", "point.remove")] == [1, 1, 1]


def test_a_resolution_is_read_by_all_and_the_notes_by_the_core(
    sign_in_as: SignIn, actor_of: Callable[[str], Actor], world: World
) -> None:
    meeting = build_meeting(world, 1).meeting
    secretary = actor_of("a.coordinateur")
    point = service.add_point(secretary, meeting, kind=PointKind.APPROVAL)
    path = f"/seances/{meeting}/points-divers/{point}/resolution"
    typed_text = {"version": "1", "resolution": "Approuvé sans réserve.", "discussion": "Échange sur la page 2."}
    assert sign_in_as("a.coordinateur").post(path, data=typed_text).status_code == 302
    for person, notes in (("a.cpam", True), ("a.cap_emploi", False)):
        page = read(sign_in_as(person), f"/seances/{meeting}")
        assert "Approuvé sans réserve." in page
        assert ("Échange sur la page 2." in page) is notes


def test_a_resolution_waits_for_the_seance(sign_in_as: SignIn, actor_of: Callable[[str], Actor], world: World) -> None:
    meeting = build_meeting(world, 1, status=MeetingStatus.PLANNED).meeting
    point = service.add_point(actor_of("a.coordinateur"), meeting, kind=PointKind.ACTIONS)
    path = f"/seances/{meeting}/points-divers/{point}/resolution"
    answer = sign_in_as("a.coordinateur").post(path, data={"version": "1", "resolution": "Vu."})
    assert answer.status_code == 422
    assert "La séance n’est pas encore ouverte." in plain(answer.get_data(as_text=True))


@pytest.mark.parametrize("person", ["a.cpam", "a.cap_emploi", "b.coordinateur"])
def test_only_the_coordination_of_the_cellule_touches_points(
    sign_in_as: SignIn, actor_of: Callable[[str], Actor], world: World, person: str
) -> None:
    meeting = build_meeting(world, 1).meeting
    point = service.add_point(actor_of("a.coordinateur"), meeting, kind=PointKind.ACTIONS)
    client, path = sign_in_as(person), f"/seances/{meeting}/points-divers/{point}"
    assert client.get(path).status_code == 404
    for end in ("", "/resolution", "/retirer"):
        assert client.post(path + end, data={"version": "1", "title": "X"}).status_code == 404


def test_a_partner_reads_its_own_window_in_quarters_of_an_hour(sign_in_as: SignIn, world: World) -> None:
    with writing():
        meeting = add_meeting(world, clock.today() + NEXT_WEEK)
        for position, name in enumerate(("alone", "alone", "shared"), start=1):
            dispositif = {1: "bilan_competences", 2: "pmsmp", 3: "crpe"}[position]
            request = add_request(world, world_case(world, f"a.{name}"), dispositif)  # type: ignore[arg-type]
            add_item(meeting, request, position, minutes=20)
        meeting_id = meeting.public_id
    # 14 h + 40 minutes to 15 h: told from 14 h 30 to 15 h.
    partner = read(sign_in_as("a.cap_emploi"), f"/seances/{meeting_id}")
    assert "Vos dossiers devraient être examinés de 14 h 30 à 15 h ." in partner
    assert "14 h 40" not in partner
    coordinator = read(sign_in_as("a.coordinateur"), f"/seances/{meeting_id}")
    assert "Cap emploi : de 14 h 30 à 15 h, 1 point." in coordinator
    assert "14 h 40" in coordinator


def test_an_information_left_aside_comes_back_at_the_next_seance(
    actor_of: Callable[[str], Actor], world: World
) -> None:
    secretary, meeting = actor_of("a.coordinateur"), build_meeting(world, 0).meeting
    with writing():
        following = add_meeting(world, clock.today() + NEXT_WEEK).public_id
        add_meeting(world, clock.today() + 2 * NEXT_WEEK)
    left = service.add_point(secretary, meeting, kind=PointKind.INFORMATION, title="Convention", planned_minutes=15)
    said = service.add_point(secretary, meeting, kind=PointKind.INFORMATION, title="Locaux")
    service.add_point(secretary, meeting, kind=PointKind.ACTIONS)
    service.save_resolution(secretary, said, version=1, resolution="La cellule en prend acte.")
    with as_owner() as session:
        version = session.scalars(select(Meeting.version).where(Meeting.public_id == meeting)).one()
        kept = session.scalars(select(AgendaPoint.id).where(AgendaPoint.public_id == left)).one()
    service.close_meeting(secretary, meeting, version=version)
    (point,) = points(following)
    assert (point.title, point.planned_minutes, point.carried_from_id) == ("Convention", 15, kept)
    (entry,) = entries("meeting.close")
    assert entry.detail["carried_points"] == 1
