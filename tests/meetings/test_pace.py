"""Timer and drift of a séance, from a table made by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from pdp.meetings.rules.pace import Turn, pace, sentence, spent


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-12T{text}").replace(tzinfo=UTC)


def turn(minutes: int, after: int = 0, *, done: bool = False, added: bool = False) -> Turn:
    return Turn(minutes, timedelta(minutes=after), done, added)


# Announced at ten: lines, now, end of a break, what is said.
TABLE = {
    "not begun, on time": ([turn(10), turn(20)], "10:00", None, "À l’heure : fin prévue à 10 h 30"),
    "before the hour": ([turn(10), turn(20)], "09:50", None, "À l’heure : fin prévue à 10 h 30"),
    "opened late": ([turn(10), turn(20)], "10:12", None, "12 minutes de retard : fin prévue à 10 h 42"),
    "inside its time": ([turn(10, 6), turn(20)], "10:06", None, "À l’heure : fin prévue à 10 h 30"),
    "at its last minute": ([turn(10, 10), turn(20)], "10:10", None, "À l’heure : fin prévue à 10 h 30"),
    "a minute over": ([turn(10, 11), turn(20)], "10:11", None, "1 minute de retard : fin prévue à 10 h 31"),
    "quickly done": ([turn(10, 2, done=True), turn(20)], "10:02", None, "8 minutes d’avance : fin prévue à 10 h 22"),
    "long, then done": (
        [turn(10, 25, done=True), turn(20)],
        "10:25",
        None,
        "15 minutes de retard : fin prévue à 10 h 45",
    ),
    "left and taken up again": ([turn(10, 4), turn(20, 3)], "10:07", None, "À l’heure : fin prévue à 10 h 30"),
    "added in session": (
        [turn(10, 10, done=True), turn(20), turn(15, added=True)],
        "10:10",
        None,
        "15 minutes de retard : fin prévue à 10 h 45",
    ),
    "in a break until ten past": (
        [turn(10), turn(20)],
        "10:00",
        "10:10",
        "10 minutes de retard : fin prévue à 10 h 40",
    ),
    "a break that lasts": ([turn(10), turn(20)], "10:15", "10:10", "15 minutes de retard : fin prévue à 10 h 45"),
    "all done": ([turn(10, 5, done=True)], "10:05", None, "5 minutes d’avance : fin prévue à 10 h 05"),
    "an hour late": ([turn(10), turn(20)], "11:00", None, "1 heure de retard : fin prévue à 11 h 30"),
    "more than an hour": ([turn(30)], "12:05", None, "2 heures 05 de retard : fin prévue à 12 h 35"),
    "on the hour": ([turn(60)], "10:00", None, "À l’heure : fin prévue à 11 h"),
    "nothing to treat": ([], "10:00", None, "À l’heure : fin prévue à 10 h"),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_drift_is_said_in_words(case: str) -> None:
    turns, now, resumes, expected = TABLE[case]
    found = pace(at("10:00"), turns, at(now), at(resumes) if resumes else None)
    assert sentence(found.delay, found.ends_at).replace("\u00a0", " ") == expected


def test_less_than_a_minute_is_on_time() -> None:
    found = pace(at("10:00"), [turn(30)], at("10:00:59"))
    assert sentence(found.delay, found.ends_at).startswith("À l’heure")


@pytest.mark.parametrize(
    ("seconds", "resumed", "expected"),
    [(0, None, 0), (90, None, 90), (0, "10:00", 300), (90, "10:00", 390), (90, "10:06", 90)],
)
def test_the_time_spent_adds_what_was_counted_and_what_runs(seconds: int, resumed: str | None, expected: int) -> None:
    assert spent(seconds, at(resumed) if resumed else None, at("10:05")).total_seconds() == expected
