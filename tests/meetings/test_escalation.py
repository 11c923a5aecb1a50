"""The days on which people are reminded of what is late, counted by hand on calendars of 2026 and 2027."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from pdp.core.calendar import Territory
from pdp.meetings.enums import ActionState, ReserveState
from pdp.meetings.rules.conditions import sends_back, stand
from pdp.meetings.rules.escalation import step_due

Figure = Callable[[str, object], None]
M, A, G = Territory.METROPOLE, Territory.ALSACE_MOSELLE, Territory.GUADELOUPE
D = date.fromisoformat
# due date, territory, then the days of J+7, J+14 and J+21: Monday to Saturday without the public holidays.
CALENDARS = [
    ("2026-03-02", M, "2026-03-10", "2026-03-18", "2026-03-26"),
    # A Saturday and the Sunday after it count from the same Monday.
    ("2026-03-07", M, "2026-03-16", "2026-03-24", "2026-04-01"),
    ("2026-03-08", M, "2026-03-16", "2026-03-24", "2026-04-01"),
    # Easter Monday, and Good Friday besides in Alsace-Moselle.
    ("2026-04-01", M, "2026-04-10", "2026-04-18", "2026-04-27"),
    ("2026-04-01", A, "2026-04-11", "2026-04-20", "2026-04-28"),
    # The 1st and the 8th of May, the Ascension (14), then Whit Monday (25).
    ("2026-04-30", M, "2026-05-11", "2026-05-20", "2026-05-29"),
    # Whit Monday; in Guadeloupe the abolition of slavery (27 May) as well.
    ("2026-05-22", M, "2026-06-01", "2026-06-09", "2026-06-17"),
    ("2026-05-22", G, "2026-06-02", "2026-06-10", "2026-06-18"),
    # Over the new year; in Alsace-Moselle the 26th of December is kept.
    ("2026-12-23", M, "2027-01-02", "2027-01-11", "2027-01-19"),
    ("2026-12-23", A, "2027-01-04", "2027-01-12", "2027-01-20"),
]


def told_on(due: date, territory: Territory, told: int = 0) -> list[tuple[str, int]]:
    """Walk the days one by one as a job that never misses one, and return those on which something is told."""
    found = []
    for offset in range(60):
        day = due + timedelta(days=offset)
        step = step_due(due, day, told, territory)
        if step is not None:
            told = step
            found.append((day.isoformat(), int(step)))
    return found


@pytest.mark.parametrize(("due", "territory", "owner", "coordination", "manager"), CALENDARS)
def test_each_step_falls_on_its_working_day_and_once(
    due: str, territory: Territory, owner: str, coordination: str, manager: str
) -> None:
    assert told_on(D(due), territory) == [(owner, 7), (coordination, 14), (manager, 21)]


def test_the_calendars_of_the_reminders_are_counted(figure: Figure) -> None:
    wrong = [row for row in CALENDARS if told_on(D(row[0]), row[1]) != [(row[2], 7), (row[3], 14), (row[4], 21)]]
    figure("actions.calendar", f"{3 * len(CALENDARS)} days of {len(CALENDARS)} calendars by hand, {len(wrong)} wrong")
    assert wrong == []


@pytest.mark.parametrize(
    ("today", "told", "step"),
    [
        ("2026-03-09", 0, None),
        ("2026-03-10", 0, 7),
        ("2026-03-10", 7, None),
        ("2026-03-17", 7, None),
        ("2026-03-18", 7, 14),
        # The job stood still: it tells the highest step reached, and not the lower ones after it.
        ("2026-03-19", 0, 14),
        ("2026-03-26", 0, 21),
        ("2026-03-26", 14, 21),
        ("2026-06-01", 21, None),
        # Nobody is called on a Sunday, nor on Easter Monday; the next working day does it.
        ("2026-03-22", 0, None),
        ("2026-04-06", 0, None),
        ("2026-04-07", 0, 21),
    ],
)
def test_a_late_job_tells_the_highest_step_only(today: str, told: int, step: int | None) -> None:
    assert step_due(D("2026-03-02"), D(today), told, M) == step


WAITING, DONE, UNMET, GONE = ActionState.OPEN, ActionState.DONE, ActionState.UNMET, ActionState.DROPPED


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ([], None),
        ([GONE], None),
        ([WAITING], ReserveState.OPEN),
        ([DONE], ReserveState.LIFTED),
        ([DONE, WAITING], ReserveState.OPEN),
        ([WAITING, DONE], ReserveState.OPEN),
        ([DONE, DONE, DONE], ReserveState.LIFTED),
        ([DONE, GONE], ReserveState.LIFTED),
        ([WAITING, GONE], ReserveState.OPEN),
        ([UNMET], ReserveState.BROKEN),
        ([DONE, UNMET], ReserveState.BROKEN),
        ([WAITING, UNMET, DONE], ReserveState.BROKEN),
    ],
)
def test_a_reserve_is_lifted_with_its_last_condition(states: list[ActionState], together: ReserveState | None) -> None:
    assert stand(states) is together


@pytest.mark.parametrize(
    ("state", "today", "back"),
    [
        (WAITING, "2026-03-01", False),
        (WAITING, "2026-03-02", False),
        (WAITING, "2026-03-03", True),
        (DONE, "2026-03-03", False),
        (GONE, "2026-03-03", False),
        (UNMET, "2026-03-01", True),
    ],
)
def test_a_condition_sends_back_after_its_last_day_or_when_it_is_not_met(
    state: ActionState, today: str, back: bool
) -> None:
    assert sends_back(state, D("2026-03-02"), D(today)) is back
