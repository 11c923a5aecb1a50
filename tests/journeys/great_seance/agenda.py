"""The requests of the séance: how each is dealt with, and with whom its case is shared."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from sqlalchemy import update

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.core import db
from pdp.meetings.enums import AgendaTrack, MeetingStatus
from pdp.meetings.models import AgendaItem
from tests.journeys.great_seance.cast import PARTNERS, gather
from tests.meetings.builders import build_meeting, build_request
from tests.support import world as worlds
from tests.support.databases import as_owner
from tests.support.world import World

EVERY_PARTNER = tuple(PARTNERS)
_FIRST_NUMBER = 101


class Way(Enum):
    """How a request is dealt with."""

    AGREED = auto()
    NOTED = auto()
    RECUSED = auto()
    FIRST_SOLUTION = auto()
    OTHER_SOLUTION = auto()
    ADJOURNED = auto()
    AT_ONCE = auto()
    SECRET = auto()
    REJECTED = auto()
    CONTESTED = auto()
    LISTED = auto()
    ASKED = auto()
    ADDED = auto()


@dataclass(frozen=True, slots=True)
class Point:
    """A request of the agenda. `position` and the public id of its item come with the séance."""

    way: Way
    shared: tuple[str, ...] = ()
    position: int = 0
    case: str = ""
    reference: str = ""
    item: str = ""


@dataclass(frozen=True)
class Agenda:
    """A séance ready to be opened: its requests in their order, and the one that waits to be added."""

    meeting: str
    points: tuple[Point, ...]
    added: Point
    cases: dict[str, str] = field(default_factory=dict)

    def every(self, way: Way) -> list[Point]:
        """Return the requests dealt with in a way."""
        return [point for point in self.points if point.way is way]


_BEFORE_THE_LATE_ONE = (
    Point(Way.AGREED),
    Point(Way.NOTED, ("spst", "mdph")),
    Point(Way.RECUSED),
    Point(Way.FIRST_SOLUTION, ("spst",)),
    Point(Way.OTHER_SOLUTION, ("spst",)),
    Point(Way.ADJOURNED),
)
_AFTER = (Point(Way.AT_ONCE, ("spst", "cap", "mdph")), Point(Way.SECRET))
_MORE = (
    Point(Way.CONTESTED, EVERY_PARTNER),
    Point(Way.AT_ONCE, EVERY_PARTNER),
    Point(Way.REJECTED, ("cap",)),
    Point(Way.SECRET, ("cap", "spst")),
    Point(Way.AGREED, ("mdph",)),
)
_ADDED = Point(Way.ADDED, ("cap",))


def _listed(count: int) -> tuple[Point, ...]:
    """Return the list without a debate: one of them is asked to be debated.

    A few are shared: an account of a partner opens twenty cases a day at most, those of its minutes included.
    """
    shared = (EVERY_PARTNER[: n % 6] if n < 9 else () for n in range(count - 1))
    return (Point(Way.ASKED, ("cap",)), *(Point(Way.LISTED, partners) for partners in shared))


FORTY = (*_BEFORE_THE_LATE_ONE, *_AFTER, *_MORE, *_listed(26))
_NEVER_LEFT_OUT = (Way.NOTED, Way.RECUSED, Way.ADJOURNED)
TWELVE = (*(point for point in _BEFORE_THE_LATE_ONE if point.way in _NEVER_LEFT_OUT), *_AFTER, *_listed(6))


def set_out(world: World, points: Sequence[Point]) -> Agenda:
    """Build the members, the cases and the agenda of a séance that is planned; one more request waits."""
    with as_owner() as session:
        gather(world)
        placed = [_tabled(world, point, n) for n, point in enumerate(points)]
        added = _tabled(world, _ADDED, len(points))
        seance = build_meeting(
            world, len(placed), status=MeetingStatus.PLANNED, cases=tuple(f"a.{point.case}" for point in placed)
        )
        build_request(world, f"a.{added.case}")
        known = [replace(point, item=item) for point, item in zip(placed, seance.items, strict=True)]
        listed = [point.item for point in known if point.way in (Way.LISTED, Way.ASKED)]
        session.execute(update(AgendaItem).where(AgendaItem.public_id.in_(listed)).values(track=AgendaTrack.FAST))
        audit.record(None, "tests.agenda")
    return Agenda(seance.meeting, tuple(known), added)


def _tabled(world: World, point: Point, rank: int) -> Point:
    """Add the case of a request, shared with its partners; two solutions are those of one case."""
    number = _FIRST_NUMBER + rank - (point.way is Way.OTHER_SOLUTION)
    name = f"great{number}"
    if point.way is not Way.OTHER_SOLUTION:
        case: Case = worlds.add_case(world, "a", number, name)
        for seat in point.shared:
            worlds.add_agreement(world, "a", case, PARTNERS[seat])
        db.session().flush()
    return replace(point, position=rank + 1, case=name, reference=f"2026-{number:04}")
