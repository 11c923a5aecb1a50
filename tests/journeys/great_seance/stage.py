"""Everybody at their page: two consoles, the room's screen, the phones; and what is remembered of the séance."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.journeys.great_seance.agenda import Agenda, Point
from tests.journeys.great_seance.cast import CONSOLES, TITULAIRES
from tests.journeys.great_seance.delays import Delays
from tests.journeys.great_seance.screens import Console, Phone, Room, Screen

# A page of one's own at this width and height, signed in as a person of the world.
OpenAs = Callable[[str, int, int], Page]


@dataclass
class Stage:
    """The pages of a séance, and what they showed of each closed ballot: point → page → text."""

    agenda: Agenda
    console: Console
    second: Console
    room: Room
    phones: dict[str, Phone]
    delays: Delays
    shown: dict[Point, dict[str, str]] = field(default_factory=dict)
    votes: int = 0
    # The seats that came after the opening.
    arrived: set[str] = field(default_factory=set)

    @property
    def screens(self) -> Sequence[Screen]:
        """Return every page."""
        return (self.console, self.second, self.room, *self.phones.values())

    def follow(self, act: str, do: Callable[[], float], expected: Mapping[Screen, str]) -> dict[Screen, str]:
        """Carry out an act of the console and wait until everybody sees it."""
        return self.delays.follow(act, do, expected)

    def in_sight(self, point: Point) -> None:
        """Check that the case is in sight in the agenda of the console, and the whole of what the room shows."""
        line = self.console.page.locator(".agenda [aria-current]")
        inside = line.evaluate(
            "it => { const [a, b] = [it, it.closest('section')].map((each) => each.getBoundingClientRect());"
            " return a.top >= b.top && a.bottom <= b.bottom; }"
        )
        assert inside, f"point {point.position} is out of sight in the agenda"
        over = self.room.page.evaluate("document.documentElement.scrollHeight - window.innerHeight")
        assert over <= 0, f"the room's screen is cut by {over} pixels at point {point.position}"

    def at_once(self, phones: Sequence[Phone]) -> float:
        """Have several phones send what they prepared at the same instant; return it."""
        at = time.time() * 1000 + 60 * len(phones)
        for phone in phones:
            phone.send(at)
        self.votes += len(phones)
        return at


def take_places(agenda: Agenda, devices: Sequence[str], open_as: OpenAs, file: str) -> Stage:
    """Open every page: the consoles, the room's screen, the phone of each seat that votes on its own."""
    here = f"/seances/{agenda.meeting}"

    def seated(person: str) -> Callable[[int, int], Page]:
        return lambda width, height: open_as(person, width, height)

    console, second = (
        Console(f"console {n}", seated(person), (1280, 900)) for n, person in enumerate(CONSOLES, start=1)
    )
    room = Room("room", seated(CONSOLES[0]), (1920, 1080))
    phones = {seat: Phone(seat, seated(f"a.{TITULAIRES[seat]}")) for seat in devices}
    metronome = open_as(CONSOLES[0], 360, 300)
    metronome.goto(file)
    stage = Stage(agenda, console, second, room, phones, Delays(metronome))
    stage.delays.start(file)
    for screen, path in ((console, "console"), (second, "console"), (room, "projection")):
        screen.page.goto(f"{here}/{path}")
    for phone in phones.values():
        phone.page.goto(f"{here}/vote")
        phone.shows("Aucun scrutin ouvert pour vous")
    return stage
