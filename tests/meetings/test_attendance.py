"""Every act on a seat leaves a line; a mistake is corrected by a later line; the sheet says who was there when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pdp.core import clock
from pdp.core.errors import RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import AttendanceMode, AttendanceState, PresenceKind
from pdp.meetings.models import AttendanceEvent
from pdp.policy.actor import Actor
from tests.meetings.builders import Seance, build_meeting
from tests.meetings.live import done, send
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
PRESENT, EXCUSED = AttendanceState.PRESENT, AttendanceState.EXCUSED


class Room:
    """A séance of three points under a moved clock, run by its coordinator."""

    def __init__(self, world: World, secretary: Actor) -> None:
        self.world, self.secretary = world, secretary
        self.seance: Seance = build_meeting(world, 3, cases=("a.alone",), present=("ss1", "ss2", "sm1", "cp1"))
        self.start = clock.now()

    def point(self, number: int, minute: int) -> None:
        with clock.acting_at(self.start + timedelta(minutes=minute)):
            service.select_item(self.secretary, self.seance.items[number - 1])

    def note(self, seat: str, minute: int, state: AttendanceState = PRESENT, **more: object) -> None:
        with clock.acting_at(self.start + timedelta(minutes=minute)):
            values = {"seat": self.key(seat), "version": self.row(seat).version, "state": state} | more
            service.set_attendance(self.secretary, self.seance.meeting, **values)  # type: ignore[arg-type]

    def correct(self, seat: str, minute: int) -> None:
        with clock.acting_at(self.start + timedelta(minutes=minute)):
            key, version = self.key(seat), self.row(seat).version
            service.correct_attendance(self.secretary, self.seance.meeting, seat=key, version=version)

    def key(self, seat: str) -> str:
        return self.world.seat[f"a.{seat}"]

    def row(self, seat: str):  # type: ignore[no-untyped-def]
        page = service.read_meeting(self.secretary, self.seance.meeting)
        return next(row for row in page.seats if row.seat == self.key(seat))

    def lines(self, seat: str) -> list[tuple[str, int | None, bool]]:
        found = service.read_sitting(self.secretary, self.seance.meeting).history[self.key(seat)]
        return [(line.kind.value, line.point, line.corrected) for line in found]


@pytest.fixture
def room(world: World, actor_of: ActorOf) -> Room:
    return Room(world, actor_of("a.coordinateur"))


def test_a_late_arrival_a_departure_and_a_return_are_bound_to_their_points(room: Room) -> None:
    room.point(1, 0)
    room.note("cp2", 5)
    room.point(2, 10)
    room.note("cp2", 12, left=True)
    room.point(3, 20)
    room.note("cp2", 22, back=True)
    assert room.lines("cp2") == [("ARRIVED", 1, False), ("LEFT", 2, False), ("RETURNED", 3, False)]
    found = service.read_sitting(room.secretary, room.seance.meeting).points
    # Four seats sat all along; the second seat of the service médical never came.
    away = ("Service médical, siège 2",)
    part = ("CPAM, siège 2",)
    assert [(point.position, point.whole, point.part, point.away) for point in found] == [
        (1, 4, part, away),
        (2, 4, part, away),
        (3, 4, part, away),
    ]


def test_a_suppleant_and_another_way_to_attend_are_lines_of_their_own(room: Room) -> None:
    room.note("ss1", 1)
    room.note("ss1", 2, mode=AttendanceMode.PHONE)
    room.note("ss1", 3, person=room.world.membership["a.coordinateur"])
    room.note("ss1", 4, EXCUSED)
    assert [kind for kind, _, _ in room.lines("ss1")] == ["ARRIVED", "MODE", "SUBSTITUTED", "EXCUSED"]


def test_a_mistake_is_taken_back_by_a_later_line_and_stays_readable(room: Room) -> None:
    room.point(1, 0)
    room.note("cp1", 5, left=True)
    assert room.row("cp1").left_at is not None
    room.correct("cp1", 6)
    row = room.row("cp1")
    assert (row.left_at, row.is_sitting, row.person) == (None, True, "Cpam EssaiA")
    assert room.lines("cp1") == [("ARRIVED", None, False), ("LEFT", 1, True)]
    with as_owner() as session:
        kinds = session.scalars(select(AttendanceEvent.kind).order_by(AttendanceEvent.id)).all()
    assert kinds == [PresenceKind.ARRIVED, PresenceKind.LEFT, PresenceKind.CORRECTED]
    with pytest.raises(RuleViolation, match="Rien n’a encore été noté"):
        room.correct("sm2", 7)


def test_a_correction_seats_nobody_twice(room: Room) -> None:
    room.note("ss1", 1, person=room.world.membership["a.coordinateur"])
    room.note("ss1", 2, EXCUSED)
    room.note("ss1", 3, person=room.world.membership["a.manager"])
    room.note("cp1", 4, AttendanceState.REPRESENTED, proxy_seat=room.key("ss1"))
    room.note("ss1", 5, left=True)
    with pytest.raises(RuleViolation, match="n’est plus occupé"):
        room.correct("cp1", 6)


@pytest.mark.parametrize("statement", ["UPDATE attendance_event SET at = at", "DELETE FROM attendance_event"])
def test_the_history_is_only_added_to(room: Room, statement: str) -> None:
    room.note("cp2", 1)
    with pytest.raises(DBAPIError, match="append-only"), as_owner() as session:
        session.execute(text(statement))


def test_the_sheet_notes_a_departure_a_return_and_its_correction(
    room: Room, sign_in_as: Callable[[str], StrictClient]
) -> None:
    client, page = sign_in_as("a.coordinateur"), f"/seances/{room.seance.meeting}/presences"
    form = f"{page}/{room.key('cp1')}"
    room.point(1, 0)
    assert "Départ à" in done(client, send(client, page, form, state="PRESENT", left="1"))
    assert "Retour à" in done(client, send(client, page, form, state="PRESENT", back="1"))
    text_ = done(client, send(client, page, f"{form}/correction"))
    assert "La dernière saisie de ce siège est annulée" in text_
    assert "(corrigé)" in text_
    assert "Point par point" in text_
