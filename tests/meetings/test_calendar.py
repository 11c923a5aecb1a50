"""The calendar file of a séance: neutral, stable, for those who may know the séance."""

from collections.abc import Callable
from datetime import UTC, time, timedelta

from icalendar import Calendar
from sqlalchemy import select

from pdp.core import clock
from pdp.meetings import service
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
# What an event may hold, and nothing else: no attendee, no organizer, no conference, no attachment.
PROPERTIES = {
    "UID",
    "SEQUENCE",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "URL",
    "CLASS",
}


def plan(actor: Actor, place: str = "Salle 2") -> str:
    day = clock.today() + timedelta(days=30)
    return service.plan_meeting(actor, day=day, start=time(14), end=time(17), place=place)


def test_the_file_holds_when_where_and_a_link(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> None:
    meeting = plan(actor_of("a.coordinateur"), place="12, rue de l’Église ; 2e étage, salle « Océan »")
    answer = sign_in_as("a.cpam").get(f"/seances/{meeting}/calendrier")
    assert answer.headers["Content-Disposition"] == "attachment; filename=seance-cellule-pdp.ics"
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    [event] = calendar.walk("VEVENT")
    assert set(event) == PROPERTIES
    assert event["SUMMARY"] == "Séance de la cellule PDP"
    assert event["LOCATION"] == "12, rue de l’Église ; 2e étage, salle « Océan »"
    assert event["URL"] == f"http://localhost/seances/{meeting}"
    assert event["UID"] == f"{meeting}@cellule-pdp"
    starts = event.decoded("DTSTART")
    assert starts.utcoffset() == timedelta(0)
    assert clock.local(starts).hour == 14
    assert event.decoded("DTEND") - starts == timedelta(hours=3)
    assert event.decoded("DTSTAMP").tzinfo == UTC or event.decoded("DTSTAMP").utcoffset() == timedelta(0)


def test_a_moved_seance_keeps_its_entry_and_raises_its_number(
    world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    actor, client = actor_of("a.coordinateur"), sign_in_as("a.cpam")
    meeting = plan(actor)
    numbers = []
    for version, place in ((1, "Salle 3"), (2, "Salle 3"), (3, "Salle 4")):
        day = clock.today() + timedelta(days=30)
        service.reschedule(actor, meeting, version=version, day=day, start=time(14), end=time(17), place=place)
        [event] = Calendar.from_ical(client.get(f"/seances/{meeting}/calendrier").data).walk("VEVENT")
        numbers.append((event["UID"], event["SEQUENCE"]))
    uid = f"{meeting}@cellule-pdp"
    assert numbers == [(uid, 1), (uid, 1), (uid, 2)], "a form sent again without a change is no new version"


def test_only_those_who_may_know_a_seance_get_its_file(
    world: World, sign_in_as: SignIn, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    tabled, empty = world.meeting["a.open"], plan(actor_of("a.coordinateur"))
    got: dict[tuple[str, str], int] = {}
    for role in Role:
        for name, meeting in (("tabled", tabled), ("empty", empty)):
            got[str(role), name] = sign_in_as(f"a.{role}").get(f"/seances/{meeting}/calendrier").status_code
    core = {"service_social", "manager", "service_medical", "cpam", "coordinateur"}
    sharing = {"cap_emploi", "spst"}
    expected = {
        (str(role), name): 200 if str(role) in core or (str(role) in sharing and name == "tabled") else 404
        for role in Role
        for name in ("tabled", "empty")
    }
    assert got == expected
    assert sign_in_as("b.coordinateur").get(f"/seances/{tabled}/calendrier").status_code == 404
    figure("calendar.cells", f"{len(got) + 1} cells, {sum(status == 200 for status in got.values())} open")


def test_the_core_is_told_of_a_seance_and_a_partner_only_with_a_case_on_it(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    meeting = plan(actor)
    with as_owner() as session:
        told = {
            (n.user_id, n.kind) for n in session.scalars(select(Notice).where(Notice.link == f"/seances/{meeting}"))
        }
    core = ("manager", "service_social", "service_social_2", "service_medical", "service_medical_2", "cpam", "cpam_2")
    assert told == {(world.user[f"a.{name}"], NoticeKind.MEETING_PLANNED) for name in core}
