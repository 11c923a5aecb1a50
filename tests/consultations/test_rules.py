"""When a consultation may end and when it reminds: days chosen by hand on a calendar of 2026."""

from datetime import UTC, date, datetime, time

import pytest

from pdp.consultations.enums import Phase
from pdp.consultations.rules import Reminders, earliest_end, is_due, phase, reminders
from pdp.core.clock import PARIS
from pdp.core.errors import InvalidInput
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.service.steps import instant


@pytest.mark.parametrize(
    ("opens", "first"),
    [
        # Monday → Thursday; Thursday → Monday, over a Sunday; 30 April → 5 May, over 1 May and a Sunday.
        (date(2026, 11, 2), date(2026, 11, 5)),
        (date(2026, 11, 5), date(2026, 11, 9)),
        (date(2026, 4, 30), date(2026, 5, 5)),
        # Sunday 1 November, Toussaint: the next three working days.
        (date(2026, 11, 1), date(2026, 11, 4)),
    ],
)
def test_three_working_days_follow_the_day_of_the_opening(opens: date, first: date) -> None:
    assert earliest_end(opens) == first


@pytest.mark.parametrize(
    ("opens", "ends", "expected"),
    [
        # Monday 2 to Monday 16: half-way is Monday 9, the eve is Saturday 14.
        (date(2026, 11, 2), date(2026, 11, 16), Reminders(date(2026, 11, 9), date(2026, 11, 14))),
        # Monday 2 to Thursday 5: half-way falls on Tuesday 3.
        (date(2026, 11, 2), date(2026, 11, 5), Reminders(date(2026, 11, 3), date(2026, 11, 4))),
        # Wednesday 4 to Thursday 12: half-way is Sunday 8, so Monday 9; the eve, Wednesday 11, is a holiday.
        (date(2026, 11, 4), date(2026, 11, 12), Reminders(date(2026, 11, 9), date(2026, 11, 10))),
    ],
)
def test_reminders_leave_on_working_days(opens: date, ends: date, expected: Reminders) -> None:
    assert reminders(opens, ends) == expected


def test_a_reminder_is_due_from_nine_and_once() -> None:
    day = date(2026, 11, 9)
    assert not is_due(day, None, datetime(2026, 11, 9, 8, 59, tzinfo=PARIS))
    assert is_due(day, None, datetime(2026, 11, 9, 9, tzinfo=PARIS))
    assert is_due(day, None, datetime(2026, 11, 10, 7, tzinfo=PARIS)), "caught up after a stop"
    assert not is_due(day, datetime(2026, 11, 9, 8, tzinfo=UTC), datetime(2026, 11, 9, 9, tzinfo=PARIS))


def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    # In the night of 25 October 2026, 2 h 30 comes at 0 h 30 UTC, in summer time, then at 1 h 30 UTC.
    assert instant(date(2026, 10, 25), time(2, 30), "ends_time") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_hour_that_never_comes_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        instant(date(2027, 3, 28), time(2, 30), "ends_time")
    assert set(refused.value.errors) == {"ends_time"}


def test_no_vote_is_taken_from_the_very_instant_of_the_deadline() -> None:
    ends = datetime(2026, 11, 16, 17, tzinfo=UTC)
    assert phase(MeetingStatus.OPEN, ends, datetime(2026, 11, 16, 16, 59, 59, tzinfo=UTC)) is Phase.OPEN
    assert phase(MeetingStatus.OPEN, ends, ends) is Phase.ENDED
