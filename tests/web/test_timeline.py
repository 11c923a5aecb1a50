"""The drawing of the stoppage: everything stays inside, labels do not touch, months are named."""

from datetime import date
from itertools import pairwise

from pdp.web.timeline import PLOT_LEFT, WIDTH, DrawnLane, Item, Lane, build, text_width

START, END = date(2026, 1, 1), date(2026, 4, 10)  # one hundred days
DAY = (WIDTH - PLOT_LEFT) / 100


def _extents(lane: DrawnLane) -> list[tuple[float, float, float]]:
    """Return, for each mark, its row and the span it takes with its label."""
    spans = []
    for mark in lane.marks:
        left, right = mark.x, mark.x + mark.width
        if mark.text_anchor == "start":
            right = mark.text_x + text_width(mark.item.label)
        elif mark.text_anchor == "end":
            left = mark.text_x - text_width(mark.item.label)
        spans.append((mark.y, left, right))
    return sorted(spans)


def test_a_bar_spans_its_days_last_day_included() -> None:
    drawing = build(START, END, (Lane("Arrêt", (Item("Arrêt initial", date(2026, 1, 11), date(2026, 1, 30)),)),))
    (mark,) = drawing.lanes[0].marks
    assert round(mark.x - PLOT_LEFT) == round(10 * DAY)
    assert round(mark.width) == round(20 * DAY)
    assert mark.text_anchor == ""


def test_what_lies_outside_is_cut_to_the_edges() -> None:
    drawing = build(START, END, (Lane("Arrêt", (Item("Long", date(2025, 1, 1), date(2027, 1, 1)),)),))
    (mark,) = drawing.lanes[0].marks
    assert (mark.x, round(mark.x + mark.width)) == (PLOT_LEFT, WIDTH)


def test_labels_of_a_crowded_lane_never_touch() -> None:
    items = tuple(Item(f"Rendez-vous de liaison numéro {day}", date(2026, 2, day)) for day in range(1, 6))
    drawing = build(START, END, (Lane("Rencontres", items),), today=date(2026, 2, 3))
    extents = _extents(drawing.lanes[0])
    for (row, _, right), (next_row, left, _) in pairwise(extents):
        assert row != next_row or right <= left
    assert all(left >= PLOT_LEFT - 6 and right <= WIDTH for _, left, right in extents)


def test_a_label_avoids_the_line_of_today_when_it_can() -> None:
    lane = Lane("Échéances", (Item("Fin du complément de l’employeur", date(2026, 3, 1), flag=True),))
    drawing = build(START, END, (lane,), today=date(2026, 3, 3))
    assert drawing.lanes[0].marks[0].text_anchor == "end"


def test_two_prolongations_that_follow_each_other_share_a_row() -> None:
    lane = Lane(
        "Arrêt", (Item("Un", date(2026, 1, 5), date(2026, 1, 31)), Item("Deux", date(2026, 2, 1), date(2026, 3, 1)))
    )
    first, second = build(START, END, (lane,)).lanes[0].marks
    assert first.y == second.y


def test_months_are_named_and_january_bears_its_year() -> None:
    drawing = build(date(2025, 11, 17), date(2026, 3, 31), ())
    assert [month.label for month in drawing.months] == ["décembre", "janvier\u00a02026", "février", "mars"]


def test_a_stoppage_of_several_years_names_fewer_months() -> None:
    drawing = build(date(2023, 1, 1), date(2026, 12, 31), ())
    assert [month.label for month in drawing.months if month.label.isdigit()] == ["2023", "2024", "2025", "2026"]
    assert len(drawing.months) <= 16


def test_today_is_drawn_only_inside_the_period() -> None:
    assert build(START, END, (), today=date(2026, 5, 1)).today_x is None
    assert build(START, END, (), today=START).today_x == PLOT_LEFT
