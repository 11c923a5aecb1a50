"""When jobs run: the two nights of a change of time, by hand, and what a stop leaves owed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pdp import scheduler
from pdp.operations.enums import Days, Standing
from pdp.operations.rules import At, Cadence, Known, at, every, last_slot, next_slot, owed, slots_between, standing

PARIS = ZoneInfo("Europe/Paris")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Spring 2026: on 29 March, 02:00 (+01:00) is followed by 03:00 (+02:00), at 01:00 UTC.
# Autumn 2026: on 25 October, 03:00 (+02:00) is followed by 02:00 (+01:00), at 01:00 UTC.
NIGHTS = [
    ("spring, before the hour skipped", at("01:59"), "2026-03-29", ["00:59"]),
    ("spring, the hour skipped", at("02:00"), "2026-03-29", ["01:00"]),
    ("spring, in the hour skipped", at("02:30"), "2026-03-29", ["01:30"]),
    ("spring, the end of the hour skipped", at("02:59"), "2026-03-29", ["01:59"]),
    ("spring, after it", at("03:00"), "2026-03-29", ["01:00"]),
    ("spring, two hours that fall together", at("02:30", "03:30"), "2026-03-29", ["01:30"]),
    ("spring, a pass every half hour", every(30), "2026-03-29", ["00:30", "01:00", "01:30", "02:00"]),
    ("autumn, before the hour repeated", at("01:59"), "2026-10-25", ["23:59"]),
    ("autumn, the first instant repeated", at("02:00"), "2026-10-25", ["00:00"]),
    ("autumn, in the hour repeated", at("02:30"), "2026-10-25", ["00:30"]),
    ("autumn, the end of the hour repeated", at("02:59"), "2026-10-25", ["00:59"]),
    ("autumn, after it", at("03:00"), "2026-10-25", ["02:00"]),
    ("autumn, two hours apart by two", at("02:30", "03:30"), "2026-10-25", ["00:30", "02:30"]),
    ("autumn, a pass every half hour", every(30), "2026-10-25", ["00:30", "01:00", "01:30", "02:00"]),
    ("an ordinary night", at("02:30"), "2026-11-04", ["01:30"]),
]


@pytest.mark.parametrize(("what", "cadence", "day", "expected"), NIGHTS, ids=[row[0] for row in NIGHTS])
def test_a_night_of_a_change_of_time_doubles_nothing_and_loses_nothing(
    what: str, cadence: Cadence, day: str, expected: list[str]
) -> None:
    evening = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=4)
    if isinstance(cadence, At):
        found = list(slots_between(cadence, evening, evening + timedelta(hours=12)))
    else:
        found = list(slots_between(cadence, utc(f"{day}T00:00"), utc(f"{day}T02:00")))
    assert [slot.strftime("%H:%M") for slot in found] == expected


def test_a_year_of_half_past_two_is_a_slot_for_each_of_its_days() -> None:
    found = list(slots_between(at("02:30"), utc("2025-12-31T12:00"), utc("2026-12-31T12:00")))
    assert len(found) == 365
    assert len({slot.astimezone(PARIS).date() for slot in found}) == 365


def test_each_minute_of_both_nights_walked_one_by_one_meets_each_slot_once() -> None:
    for day in ("2026-03-29", "2026-10-25"):
        for cadence in (at("02:30"), at("00:05", "02:00", "02:30", "05:15"), every(5)):
            start, seen = utc(f"{day}T00:00") - timedelta(hours=6), []
            for minute in range(12 * 60):
                now = start + timedelta(minutes=minute)
                seen += slots_between(cadence, now - timedelta(minutes=1), now)
            end = start + timedelta(minutes=12 * 60 - 1)
            assert seen == list(slots_between(cadence, start - timedelta(minutes=1), end))
            assert len(seen) == len(set(seen))


DUE = [
    # Friday 10 April 2026 is worked; Monday 6 April is Easter Monday; 1 May is a holiday.
    ("working days skip the week-end", at("08:00", days=Days.WORKING), "2026-04-10T10:00", "2026-04-13T06:00"),
    ("working days skip Easter Monday", at("08:00", days=Days.WORKING), "2026-04-03T10:00", "2026-04-07T06:00"),
    ("twice a working day", at("08:00", "13:30", days=Days.WORKING), "2026-04-10T06:00", "2026-04-10T11:30"),
    ("the first of the month", at("04:50", days=Days.FIRST_OF_MONTH), "2026-01-01T03:50", "2026-02-01T03:50"),
    ("every minute", every(1), "2026-04-10T06:00:30", "2026-04-10T06:01"),
]


@pytest.mark.parametrize(("what", "cadence", "now", "expected"), DUE, ids=[row[0] for row in DUE])
def test_the_next_slot(what: str, cadence: Cadence, now: str, expected: str) -> None:
    assert next_slot(cadence, utc(now)) == utc(expected)


def test_a_stop_owes_its_newest_slot_or_each_of_them() -> None:
    known, now = utc("2026-04-10T03:00"), utc("2026-04-13T12:00")
    daily = at("05:15")
    assert owed(daily, known, now, each=False) == utc("2026-04-13T03:15")
    assert owed(daily, known, now, each=True) == utc("2026-04-10T03:15")
    assert owed(daily, utc("2026-04-13T03:15"), now, each=False) is None
    assert owed(daily, utc("2026-04-13T03:15"), now, each=True) is None


def test_a_clock_set_back_owes_nothing_again() -> None:
    assert owed(every(5), utc("2026-04-10T12:00"), utc("2026-04-10T11:00"), each=False) is None
    assert owed(at("05:15"), utc("2026-04-10T03:15"), utc("2026-04-09T03:15"), each=True) is None


SLOT = utc("2026-04-10T03:15")
STANDINGS = [
    ("never seen", None, "2026-04-10T10:00", Standing.UNKNOWN),
    ("done", Known(SLOT, False, False, SLOT), "2026-04-11T03:00", Standing.WAITING),
    ("due for less than five minutes", Known(SLOT, False, False, SLOT), "2026-04-11T03:19", Standing.WAITING),
    ("due for five minutes", Known(SLOT, False, False, SLOT), "2026-04-11T03:20", Standing.LATE),
    ("running in time", Known(SLOT, True, False, SLOT - timedelta(days=1)), "2026-04-10T03:16", Standing.RUNNING),
    ("running for too long", Known(SLOT, True, False, SLOT - timedelta(days=1)), "2026-04-10T03:20", Standing.LATE),
    ("failed", Known(SLOT, False, True, SLOT - timedelta(days=1)), "2026-04-10T04:00", Standing.FAILED),
]


@pytest.mark.parametrize(("what", "known", "now", "expected"), STANDINGS, ids=[row[0] for row in STANDINGS])
def test_how_a_job_stands(what: str, known: Known | None, now: str, expected: Standing) -> None:
    assert standing(at("05:15"), known, utc(now)) is expected


def test_no_job_runs_in_the_hours_that_a_change_of_time_repeats_or_skips() -> None:
    names = [job.name for job in scheduler.JOBS]
    assert len(names) == len(set(names))
    for job in scheduler.JOBS:
        for hour in job.cadence.times if isinstance(job.cadence, At) else ():
            assert not 1 <= hour.hour < 4, job.name


def test_the_last_slot_is_the_one_before_the_next() -> None:
    now = utc("2026-04-10T12:34:56")
    for job in scheduler.JOBS:
        last, following = last_slot(job.cadence, now), next_slot(job.cadence, now)
        assert last <= now < following
        assert list(slots_between(job.cadence, last, following)) == [following]
