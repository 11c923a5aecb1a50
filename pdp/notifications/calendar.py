"""The calendar file of a séance: when and where, and nothing of what it is about.

A calendar is copied to telephones and shared with colleagues: the title is always the same, there is
no guest list and no link to the video call, which stays behind the sign-in.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

FILE_NAME = "seance-cellule-pdp.ics"
MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
TITLE = "Séance de la cellule PDP"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A séance as a calendar knows it. `sequence` grows when the date, the hour or the place changes."""

    reference: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    sequence: int


def render(appointment: Appointment, written_at: datetime) -> bytes:
    """Return the file; imported twice it updates the same entry. Hours are in UTC, which needs no time zone."""
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
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Cellule PDP//Séances//FR")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
