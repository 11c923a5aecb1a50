"""Mails whose link opens a door: who knows, when one leaves, to whom it goes and where it leads.

A higher feature installs its answer for a kind in `pdp.wiring`. Neither the address nor the link is ever in
the outbox.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pdp.notifications.calendar import Appointment, Method
from pdp.notifications.enums import NoticeKind


@dataclass(frozen=True, slots=True)
class Entry:
    """What a mail does in a calendar; the link of the appointment is still a path of the site."""

    appointment: Appointment
    method: Method


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a mail goes, and the path of the site that its link opens.

    `facts` says a date, hours and a place, nothing of what is dealt with; `frame` is what surrounds the sentences.
    """

    address: str
    path: str
    facts: str = ""
    entry: Entry | None = None
    frame: str = "_door.txt"


# Called with the public id of what the link opens; None once it opens nothing any more.
Door = Callable[[str], Opening | None]
_doors: dict[NoticeKind, Door] = {}


def install(kind: NoticeKind, door: Door) -> None:
    """Say who answers for a kind of mail."""
    _doors[kind] = door


def find(kind: NoticeKind, target_id: str) -> Opening | None:
    """Ask, at the moment of leaving, where a mail goes; None when its link no longer opens anything."""
    return _doors[kind](target_id) if kind in _doors else None
