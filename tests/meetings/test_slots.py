"""When each point should come: hand-made days."""

from datetime import UTC, datetime

import pytest

from pdp.meetings.rules.slots import Line, Slot, expected_slots, rounded, window, windows

Case = list[tuple[str, int, str | None, bool]]


def at(text: str) -> datetime:
    hours, minutes = text.split(":")
    return datetime(2026, 3, 3, int(hours), int(minutes), tzinfo=UTC)


def span(slot: Slot | None) -> str:
    return f"{slot.start:%H:%M}-{slot.end:%H:%M}" if slot else "none"


@pytest.mark.parametrize(
    ("lines", "now", "expected"),
    [
        # Not open yet: one after the other from the beginning planned.
        (
            [("A", 5, None, False), ("1", 10, None, False), ("2", 20, None, False)],
            None,
            "A 14:00-14:05 1 14:05-14:15 2 14:15-14:35",
        ),
        ([], None, ""),
        # Open late, nothing has started: from now, not from the opening.
        ([("1", 10, None, False), ("2", 10, None, False)], "14:20", "1 14:20-14:30 2 14:30-14:40"),
        # Under way since 14:10, 10 minutes planned: the next at 14:20.
        ([("1", 10, "14:10", False), ("2", 15, None, False)], "14:12", "1 14:10-14:20 2 14:20-14:35"),
        # It lasts longer than planned: the next cannot come before now.
        ([("1", 10, "14:10", False), ("2", 15, None, False)], "14:31", "1 14:10-14:20 2 14:31-14:46"),
        # It is settled before its time: the next may come now.
        ([("1", 10, "14:10", True), ("2", 15, None, False)], "14:14", "1 14:10-14:20 2 14:14-14:29"),
        # Taken out of turn: what was left behind comes after it.
        (
            [("1", 10, None, False), ("2", 10, "14:05", False), ("3", 10, None, False)],
            "14:06",
            "1 14:15-14:25 2 14:05-14:15 3 14:25-14:35",
        ),
        # Settled without having been brought up: no slot, and it takes no time.
        ([("1", 10, None, True), ("2", 10, None, False)], None, "2 14:00-14:10"),
        # No minute planned: the same start for both.
        ([("1", 0, None, False), ("2", 10, None, False)], None, "1 14:00-14:00 2 14:00-14:10"),
    ],
)
def test_slots_follow_the_order_the_minutes_and_what_really_began(lines: Case, now: str | None, expected: str) -> None:
    found = expected_slots(
        at("14:00"),
        [Line(key, minutes, at(started) if started else None, done) for key, minutes, started, done in lines],
        at(now) if now else None,
    )
    assert " ".join(f"{key} {span(slot)}" for key, slot in found.items()) == expected


def test_a_partner_is_needed_from_its_first_to_its_last_item() -> None:
    slots = expected_slots(at("14:00"), [Line(number, 10) for number in range(1, 7)])
    found = windows(slots, {7: [2, 4], 8: [6], 9: [], 10: [99]})
    assert {partner: span(slot) for partner, slot in found.items()} == {7: "14:10-14:40", 8: "14:50-15:00"}
    assert window([]) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("14:10", "14:40", "14:00-14:45"),
        ("14:15", "14:30", "14:15-14:30"),
        ("14:14", "14:16", "14:00-14:30"),
        ("09:59", "10:00", "09:45-10:00"),
    ],
)
def test_a_window_is_told_in_whole_quarters_of_an_hour(start: str, end: str, expected: str) -> None:
    assert span(rounded(Slot(at(start), at(end)))) == expected
