"""A séance to come with the case shared with Cap emploi and the SPST on its agenda, and what its mails hold."""

from datetime import date, time
from email.message import EmailMessage

from icalendar import Calendar, Event

from pdp.convocations import service
from pdp.core import clock
from pdp.core.calendar import add_working_days
from pdp.meetings import service as meetings
from pdp.notifications import service as notifications
from pdp.policy.actor import Actor
from tests.meetings.builders import build_request
from tests.notifications.smtp import SITE, Mailbox, listening
from tests.support.world import World

DAY_AHEAD = 20


def day_of_seance() -> date:
    return add_working_days(clock.today(), DAY_AHEAD)


def plan(world: World, actor: Actor, cases: tuple[str, ...] = ("a.shared",)) -> str:
    """Plan a séance from 14 h to 16 h with a request of each case."""
    meeting = meetings.plan_meeting(actor, day=day_of_seance(), start=time(14), end=time(16), place="Salle Océan")
    for case in cases:
        meetings.add_to_agenda(actor, meeting, request=build_request(world, case), planned_minutes=20)
    return meeting


def version_of(actor: Actor, meeting: str) -> int:
    return meetings.read_meeting(actor, meeting).meeting.version


def reschedule(
    actor: Actor, meeting: str, *, start: time = time(9), end: time = time(11), place: str = "Salle 3"
) -> None:
    meetings.reschedule(
        actor, meeting, version=version_of(actor, meeting), day=day_of_seance(), start=start, end=end, place=place
    )


def deliver() -> Mailbox:
    """Send what waits by a real SMTP server; return what it received."""
    with listening() as (mailbox, _):
        notifications.deliver_links()
        notifications.deliver()
    return mailbox


def convened(world: World, actor: Actor, cases: tuple[str, ...] = ("a.shared",)) -> tuple[str, Mailbox]:
    """Plan a séance, convene its people, and return it with the mails of the convocations."""
    meeting = plan(world, actor, cases)
    service.send_convocations(actor, meeting)
    return meeting, with_link(deliver())


def with_link(mailbox: Mailbox) -> Mailbox:
    mailbox.received = [(to, mail) for to, mail in mailbox.received if "text/calendar" in types(mail)]
    return mailbox


def types(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def calendar_of(mail: EmailMessage) -> tuple[str, Event]:
    """Return the method and the one event of a mail; the file attached says the same as the part."""
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    [file] = [part for part in mail.walk() if part.get_content_type() == "application/ics"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert Calendar.from_ical(file.get_payload(decode=True)) == calendar
    assert part.get_param("method") == calendar["METHOD"]
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def path_of(mail: EmailMessage) -> str:
    """Return the path of the link that answers."""
    return next(word for word in text_of(mail).split() if "/convocation/" in word).removeprefix(SITE)


def path_for(mailbox: Mailbox, address: str) -> str:
    return path_of(next(mail for to, mail in mailbox.received if to == address))
