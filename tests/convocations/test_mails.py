"""Convocations leave by a real SMTP server: request, update, cancellation of one calendar entry, without a name."""

from collections.abc import Callable
from datetime import time, timedelta

from pdp.cases.models import Activity, Case, InsuredPerson
from pdp.convocations import service
from pdp.convocations.enums import Answer
from pdp.core import clock
from pdp.meetings import service as meetings
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from tests.convocations.planned import (
    calendar_of,
    convened,
    deliver,
    plan,
    reschedule,
    text_of,
    version_of,
    with_link,
)
from tests.meetings.builders import build_request
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
Figure = Callable[[str, object], None]
# The titulaires of the base world, and the two partners with whom the case is shared.
CORE = {"manager.a", "service_social.a", "service_medical.a", "service_medical_2.a", "cpam.a", "cpam_2.a"}
PARTNERS = {"cap_emploi.a", "spst.a"}
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
    "ORGANIZER",
    "ATTENDEE",
    "STATUS",
}
WORDS = ("canari", "1 84 12", "bilan", "compétences", "2026-0002", "Essai")


def plant(world: World) -> None:
    """Write recognisable words in the case on the agenda."""
    with as_owner() as session:
        case = session.get_one(Case, world.case_id["a.shared"])
        case.presentation, case.signal_reason = "Canari de présentation", "Canari de signalement"
        person = session.get_one(InsuredPerson, case.person_id)
        person.family_name, person.given_name, person.nir = "CanariNom", "CanariPrénom", "184127645108946"
        session.query(Activity).filter_by(case_id=case.id).update({"employer": "Canari et fils"})


def test_each_person_gets_a_neutral_request_and_a_partner_only_for_its_cases(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    _, mailbox = convened(world, actor)
    got = {to.partition("@")[0]: mail for to, mail in mailbox.received}
    assert set(got) == CORE | PARTNERS
    method, event = calendar_of(got["cpam.a"])
    assert (method, event["SUMMARY"], event["SEQUENCE"]) == ("REQUEST", "Séance de la cellule PDP", 0)
    assert set(event) == PROPERTIES
    assert event["LOCATION"] == "Salle Océan"
    assert [clock.local(event.decoded(key)).strftime("%H:%M") for key in ("DTSTART", "DTEND")] == ["14:00", "16:00"]
    assert "/convocation/" not in str(event["URL"]) + str(event["DESCRIPTION"]), "a calendar is shared"
    assert got["cpam.a"]["Subject"] == "Convocation à une séance de la cellule PDP"
    # A partner comes for its own case only.
    _, theirs = calendar_of(got["cap_emploi.a"])
    assert theirs.decoded("DTEND") - theirs.decoded("DTSTART") < timedelta(hours=1)
    plain = plan(world, actor, cases=())
    service.send_convocations(actor, plain)
    assert {to.partition("@")[0] for to, _ in with_link(deliver()).received} == CORE


def test_one_entry_is_requested_updated_and_cancelled(world: World, actor_of: ActorOf, figure: Figure) -> None:
    plant(world)
    actor = actor_of("a.coordinateur")
    meeting, first = convened(world, actor)
    reschedule(actor, meeting)
    moved = with_link(deliver())
    meetings.cancel_meeting(actor, meeting, version=version_of(actor, meeting), reason="Salle prise pour CanariNom")
    over = with_link(deliver())
    mails = [first, moved, over]
    lives = [{to: calendar_of(mail) for to, mail in mailbox.received} for mailbox in mails]
    assert [len(life) for life in lives] == [8, 8, 8]
    for address in lives[0]:
        entries = [life[address] for life in lives]
        assert [method for method, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
        assert len({str(event["UID"]) for _, event in entries}) == 1
        assert [event["SEQUENCE"] for _, event in entries] == [0, 1, 2]
        assert [event["STATUS"] for _, event in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    uids = {str(life[1]["UID"]) for life in lives[0].values()}
    assert len(uids) == 8
    said = "\n".join(
        text_of(mail) + str(mail["Subject"]) + calendar_of(mail)[1].to_ical().decode().replace(f"MAILTO:{to}", "")
        for mailbox in mails
        for to, mail in mailbox.received
    )
    found = [word for word in WORDS if word.casefold() in said.casefold()]
    assert found == []
    figure("convocations.mails", f"{sum(len(box.received) for box in mails)} mails, {len(found)} personal word")


def test_a_mail_that_leaves_late_says_the_state_of_that_moment(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    meeting = plan(world, actor)
    service.send_convocations(actor, meeting)
    meetings.cancel_meeting(actor, meeting, version=version_of(actor, meeting), reason="Grève des transports")
    mails = with_link(deliver()).received
    assert {calendar_of(mail)[0] for _, mail in mails} == {"CANCEL"}, (
        "nobody is convened to a séance already cancelled"
    )


def test_a_partner_whose_last_case_leaves_the_agenda_is_told_at_once(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    meeting, first = convened(world, actor)
    [item] = meetings.read_meeting(actor, meeting).items
    meetings.remove_from_agenda(actor, item.item, version=item.version)
    gone = with_link(deliver()).received
    assert {to.partition("@")[0] for to, _ in gone} == PARTNERS
    asked = {to: calendar_of(mail)[1]["UID"] for to, mail in first.received}
    for to, mail in gone:
        method, event = calendar_of(mail)
        assert (method, event["UID"], event["SEQUENCE"]) == ("CANCEL", asked[to], 1)
    # The core is told of its new agenda when the coordinator says so, and the partner comes back to the same entry.
    meetings.add_to_agenda(actor, meeting, request=item.request)
    counts = service.send_convocations(actor, meeting)
    assert counts[NoticeKind.CONVOCATION] == 2
    back = {to: calendar_of(mail) for to, mail in with_link(deliver()).received}
    assert (back["spst.a@example.org"][0], back["spst.a@example.org"][1]["SEQUENCE"]) == ("REQUEST", 2)
    assert back["spst.a@example.org"][1]["UID"] == asked["spst.a@example.org"]


def test_a_late_point_is_told_to_those_concerned_only_and_leaves_the_calendar_alone(
    world: World, actor_of: ActorOf
) -> None:
    actor = actor_of("a.coordinateur")
    meeting, _ = convened(world, actor)
    meetings.add_to_agenda(actor, meeting, request=build_request(world, "a.alone"), planned_minutes=5)
    counts = service.send_convocations(actor, meeting)
    told = with_link(deliver()).received
    assert counts[NoticeKind.CONVOCATION_ADDENDUM] == len(told) == 6
    assert {to.partition("@")[0] for to, _ in told} == CORE, "the case is shared with nobody else"
    assert {calendar_of(mail)[1]["SEQUENCE"] for _, mail in told} == {0}


def test_a_seance_moved_asks_again_and_those_convened_get_one_mail(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    meeting, _ = convened(world, actor)
    service.answer_own(actor_of("a.cpam"), meeting, answer=Answer.ROOM)
    meetings.reschedule(
        actor,
        meeting,
        version=version_of(actor, meeting),
        day=meetings.read_meeting(actor, meeting).meeting.starts_at.date(),
        start=time(10),
        end=time(12),
        place="Salle Océan",
    )
    to_cpam = [mail for to, mail in deliver().received if to == "cpam.a@example.org"]
    assert [mail["Subject"] for mail in to_cpam] == ["Séance de la cellule PDP\u00a0: nouvel horaire ou nouveau lieu"]
    assert service.read_board(actor, meeting).awaited == 8
