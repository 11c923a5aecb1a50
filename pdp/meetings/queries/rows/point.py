"""A point about no case."""

from dataclasses import dataclass

from pdp.meetings.enums import PointKind, PointPlace


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point about no case, as its reader may read it: `discussion` is empty for a partner."""

    point: str
    version: int
    kind: PointKind
    place: PointPlace
    rank: int
    title: str
    planned_minutes: int
    resolution: str
    discussion: str
    is_carried: bool
