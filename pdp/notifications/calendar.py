"""The calendar file of a séance: when and where, and nothing of what it is about.

A calendar is copied to telephones and shared with colleagues: the title is always the same, there is
no guest list and no link to the video call, which stays behind the sign-in.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress

FILE_NAME = "seance-cellule-pdp.ics"
MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
TITLE = "Séance de la cellule PDP"


class Method(StrEnum):
    """What a calendar does with a file: keep a copy, keep an entry that is updated, take it out."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A séance as a calendar knows it. `sequence` grows when the date, the hour or the place changes."""

    reference: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Invited:
    """Who invites and who is invited, by their addresses alone: RFC 5546 wants both in a request."""

    sender: str
    recipient: str


def render(appointment: Appointment, written_at: datetime) -> bytes:
    """Return the file; imported twice it updates the same entry. Hours are in UTC, which needs no time zone."""
    return _file(_event(appointment, written_at), Method.PUBLISH)


def invite(appointment: Appointment, written_at: datetime, invited: Invited, method: Method) -> bytes:
    """Return the part of a mail that puts an entry in a calendar, updates it, or takes it out again.

    It names nobody but the two ends of the mail. No answer is expected by this way: the link of the mail asks for it.
    """
    event = _event(appointment, written_at)
    event.add("organizer", vCalAddress(f"MAILTO:{invited.sender}"))
    guest = vCalAddress(f"MAILTO:{invited.recipient}")
    guest.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
    event.add("attendee", guest, encode=False)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    return _file(event, method)


def _event(appointment: Appointment, written_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{appointment.reference}@cellule-pdp")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", TITLE)
    event.add("location", appointment.place)
    event.add("description", f"Ordre du jour et pièces, après connexion\u00a0: {appointment.link}")
    event.add("url", appointment.link)
    event.add("class", "PRIVATE")
    return event


def _file(event: Event, method: Method) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Cellule PDP//Séances//FR")
    calendar.add("method", method.value)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
