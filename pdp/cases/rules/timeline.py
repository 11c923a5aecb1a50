"""The « parcours de l’arrêt » as dated marks in lanes; the page draws them, other features add theirs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from pdp.cases.enums import EncounterKind
from pdp.cases.rules.stoppages import Period

_MARGIN = timedelta(days=21)
# Without any date the drawing still needs a width: three months around today.
_EMPTY_SPAN = timedelta(days=45)


class Certainty(StrEnum):
    """How certain a mark is; the line style says it."""

    RECORDED = "recorded"
    DONE = "done"
    ASKED = "asked"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something dated: a bar when it has an end (included), otherwise a dot, or a flag for a deadline."""

    label: str
    start: date
    end: date | None = None
    certainty: Certainty = Certainty.RECORDED
    flag: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A named line of the drawing."""

    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lanes in their order, and the day they are seen from."""

    today: date
    lanes: tuple[Lane, ...] = ()

    def with_marks(self, lane: str, marks: Sequence[Mark]) -> "Timeline":
        """Return the timeline with marks added to the lane of that name, made last when it is new."""
        if not marks:
            return self
        known = [found.label for found in self.lanes]
        if lane not in known:
            return replace(self, lanes=(*self.lanes, Lane(lane, tuple(marks))))
        lanes = tuple(
            Lane(found.label, (*found.marks, *marks)) if found.label == lane else found for found in self.lanes
        )
        return replace(self, lanes=lanes)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return not any(lane.marks for lane in self.lanes)

    @property
    def span(self) -> tuple[date, date]:
        """Return the first and last day to draw: every mark and today, with three weeks on each side."""
        days = [day for lane in self.lanes for mark in lane.marks for day in (mark.start, mark.end) if day]
        if not days:
            return self.today - _EMPTY_SPAN, self.today + _EMPTY_SPAN
        return min([*days, self.today]) - _MARGIN, max([*days, self.today]) + _MARGIN


LANE_STOPPAGE = "Arrêt de travail"
LANE_ENCOUNTERS = "Rencontres"
LANE_DEADLINES = "Échéances"


def base_timeline(
    periods: Sequence[Period], encounters: Sequence[tuple[EncounterKind, date]], today: date
) -> Timeline:
    """Return the lanes of the arrêt itself: periods, encounters, and the end of the arrêt."""
    ordered = sorted(periods, key=lambda period: period.starts_on)
    bars = [mark for number in range(len(ordered)) for mark in _bars(number, ordered, today)]
    met = [
        Mark(kind.label, day, certainty=Certainty.RECORDED if day <= today else Certainty.PLANNED)
        for kind, day in sorted(encounters, key=lambda item: item[1])
    ]
    timeline = Timeline(today).with_marks(LANE_STOPPAGE, bars).with_marks(LANE_ENCOUNTERS, met)
    if ordered:
        end = max(period.last_day for period in ordered)
        timeline = timeline.with_marks(LANE_DEADLINES, [Mark("Fin d’arrêt", end, flag=True)])
    return timeline


def _bars(number: int, ordered: Sequence[Period], today: date) -> Iterator[Mark]:
    """Yield the bar of a period; one under way is cut at today, because what follows is still to come."""
    start, name = ordered[number].starts_on, _name(number, ordered)
    end = max(ordered[number].last_day, start)
    if not start <= today < end:
        yield Mark(name, start, end, Certainty.PLANNED if start > today else Certainty.RECORDED)
        return
    # The name stands on the longer part, where there is room for it.
    past, to_come = (name, "") if today - start >= end - today else ("", name)
    yield Mark(past, start, today)
    yield Mark(to_come, today + timedelta(days=1), end, Certainty.PLANNED)


def _name(number: int, ordered: Sequence[Period]) -> str:
    """Name a period: a prolongation follows the one before it without a day between."""
    first = number
    while first > 0 and ordered[first].starts_on <= ordered[first - 1].last_day + timedelta(days=1):
        first -= 1
    if first == number:
        return "Arrêt initial" if number == 0 else "Nouvel arrêt"
    return f"Prolongation {number - first}"
