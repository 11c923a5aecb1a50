"""The « parcours de l’arrêt » as a value: dated items in lanes, laid out for an SVG that needs no style attribute.

Line style says how certain a thing is: solid is recorded, dashed is asked for, hatched is still to come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pdp.core.french import MONTHS, MONTHS_SHORT, NBSP

Certainty = Literal["solid", "done", "dashed", "hatched"]

WIDTH = 1176
PLOT_LEFT = 150
HEAD = 32
ROW = 42
_CHARACTER = 6.5
_GAP = 8
_TODAY_HALF = 38


@dataclass(frozen=True, slots=True)
class Item:
    """Something dated: a bar when it has an end (included), a dot or a flag otherwise."""

    label: str
    start: date
    end: date | None = None
    certainty: Certainty = "solid"
    flag: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A named line of the drawing."""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """An item with its place; ``text_anchor`` is empty when the label stands inside the bar."""

    item: Item
    x: float
    width: float
    y: float
    text_x: float
    text_anchor: Literal["", "start", "end"]

    @property
    def plate(self) -> float:
        """Return the width of the white plate that keeps a label legible on hatching."""
        return min(text_width(self.item.label) + 8, self.width - 4)


@dataclass(frozen=True, slots=True)
class Month:
    """A vertical rule and what stands above it; no label where there is no room."""

    x: float
    label: str
    label_x: float


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """A lane with its vertical extent."""

    label: str
    top: float
    bottom: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing ready for the template, all lengths in units of the view box."""

    months: tuple[Month, ...]
    lanes: tuple[DrawnLane, ...]
    today_x: float | None
    width: int
    height: float
    plot_left: int


def text_width(text: str) -> float:
    """Estimate the width of a label at 14 px."""
    return len(text) * _CHARACTER


def build(start: date, end: date, lanes: tuple[Lane, ...], today: date | None = None) -> Timeline:
    """Lay out the lanes between two dates (both included). Items outside are cut to the edges."""
    scale = _Scale(start, end)
    today_x = scale.x(today) if today is not None and start <= today <= end else None
    drawn: list[DrawnLane] = []
    top: float = HEAD
    for lane in lanes:
        marks, rows = _place(lane, scale, today_x, top)
        bottom = top + rows * ROW
        drawn.append(DrawnLane(lane.label, top, bottom, marks))
        top = bottom
    return Timeline(tuple(_months(scale, today_x)), tuple(drawn), today_x, WIDTH, top, PLOT_LEFT)


@dataclass(frozen=True, slots=True)
class _Scale:
    start: date
    end: date

    @property
    def day(self) -> float:
        return (WIDTH - PLOT_LEFT) / ((self.end - self.start).days + 1)

    def x(self, value: date) -> float:
        return PLOT_LEFT + min(max((value - self.start).days, 0), (self.end - self.start).days + 1) * self.day


Span = tuple[float, float]


def _core(item: Item, scale: _Scale) -> Span:
    left = scale.x(item.start)
    if item.end is None:
        return (left - 6, left + 6) if not item.flag else (left, left + 10)
    return left, max(scale.x(item.end + timedelta(days=1)), left + (24 if item.certainty == "done" else 6))


def _place(lane: Lane, scale: _Scale, today_x: float | None, top: float) -> tuple[tuple[Mark, ...], int]:
    items = sorted(lane.items, key=lambda item: item.start)
    rows: list[list[Span]] = [[]]
    marks: list[Mark] = []
    for index, item in enumerate(items):
        core = _core(item, scale)
        ahead = [_core(other, scale) for other in items[index + 1 :]]
        row, anchor, text_x, taken = _seat(item, core, rows, ahead, today_x)
        rows[row].append(taken)
        middle = top + row * ROW + ROW / 2
        marks.append(Mark(item, core[0], core[1] - core[0], middle, text_x, anchor))
    return tuple(marks), len(rows)


def _seat(
    item: Item, core: Span, rows: list[list[Span]], ahead: list[Span], today_x: float | None
) -> tuple[int, Literal["", "start", "end"], float, Span]:
    """Find the first row where the item and its label touch nothing, opening a new one if need be."""
    length = text_width(item.label)
    fits = not item.label or (item.certainty != "done" and length + 2 * _GAP <= core[1] - core[0])
    if item.end is not None and fits:
        choices: list[tuple[Literal["", "start", "end"], float, Span]] = [("", core[0] + _GAP, core)]
    else:
        right = (core[0], core[1] + _GAP + length)
        left = (core[0] - _GAP - length, core[1])
        sides: list[tuple[Literal["", "start", "end"], float, Span]] = []
        if right[1] <= WIDTH:
            sides.append(("start", core[1] + _GAP, right))
        if left[0] >= PLOT_LEFT:
            sides.append(("end", core[0] - _GAP, left))
        # A label that today's line would cross is the second choice.
        choices = sorted(sides, key=lambda side: _crosses(side[2], core, today_x))
        choices = choices or [("start", core[1] + _GAP, right)]
    for row, taken in enumerate(rows):
        others = taken + ahead if row == 0 else taken
        for anchor, text_x, span in choices:
            if all(span[1] + 2 <= other[0] or other[1] + 2 <= span[0] or _touch(core, other) for other in others):
                return row, anchor, text_x, span
    rows.append([])
    anchor, text_x, span = choices[0]
    return len(rows) - 1, anchor, text_x, span


def _touch(core: Span, other: Span) -> bool:
    # Two prolongations in a row share an edge: that is no collision.
    return abs(core[1] - other[0]) < 1 or abs(other[1] - core[0]) < 1


def _crosses(span: Span, core: Span, today_x: float | None) -> bool:
    if today_x is None:
        return False
    return span[0] - 2 < today_x < span[1] + 2 and not core[0] - 2 <= today_x <= core[1] + 2


def _months(scale: _Scale, today_x: float | None) -> Iterator[Month]:
    step = next((n for n in (1, 2, 3, 6) if n * 30.4 * scale.day >= 52), 12)
    room = step * 30.4 * scale.day
    firsts = [day for day in _first_days(scale.start, scale.end) if (day.month - 1) % step == 0]
    for index, day in enumerate(firsts):
        x = scale.x(day)
        following = scale.x(firsts[index + 1]) if index + 1 < len(firsts) else WIDTH
        label = MONTHS[day.month - 1] if room >= 110 else MONTHS_SHORT[day.month - 1]
        if day.month == 1 or (index == 0 and step > 1):
            label = f"{label}{NBSP}{day.year}" if room >= 90 else str(day.year)
        label_x = x + 6
        if (
            today_x is not None
            and label_x < today_x + _TODAY_HALF
            and label_x + text_width(label) > today_x - _TODAY_HALF
        ):
            label_x = today_x + _TODAY_HALF + 8
        yield Month(x, label if label_x + text_width(label) <= following else "", label_x)


def _first_days(start: date, end: date) -> Iterator[date]:
    day = date(start.year, start.month, 1)
    while day <= end:
        if day >= start:
            yield day
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
