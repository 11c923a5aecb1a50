"""When each point of a séance should come, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pdp.meetings.rules.slots import Slot


@dataclass(frozen=True, slots=True)
class PartnerWindow:
    """From when to when a partner is needed, and for how many items."""

    organisation: str
    name: str
    items: int
    slot: Slot


@dataclass(frozen=True, slots=True)
class Timetable:
    """The slots of a séance by public id of point or item, as far as its reader may know.

    `planned` sums the minutes of points and items. A partner gets its own window, in quarters of an hour,
    and no slot: they would tell how many other cases are tabled.
    """

    slots: Mapping[str, Slot]
    planned: int
    windows: tuple[PartnerWindow, ...]
    own: Slot | None
    # For the core: the last day on which a request was in time, and the items that came later.
    deadline: date | None
    late: frozenset[str]
