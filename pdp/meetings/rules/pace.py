"""How late a séance runs, and when it should end. Pure.

The plan is the minutes of the agenda as it was when the séance opened: what is added in session makes it late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pdp.core.french import NBSP, hour
from pdp.meetings.rules.words import plural

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A line of the agenda. `spent`: how long it was under discussion; `added`: once the séance was open."""

    minutes: int
    spent: timedelta = timedelta()
    done: bool = False
    added: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """`delay` is negative when the séance is ahead; `ends_at` is when everything should be treated."""

    delay: timedelta
    ends_at: datetime


def spent(seconds: int, resumed_at: datetime | None, now: datetime) -> timedelta:
    """Return how long an item was under discussion: what was counted, and the time since its clock runs again."""
    running = now - resumed_at if resumed_at is not None and now > resumed_at else timedelta()
    return timedelta(seconds=seconds) + running


def pace(begins: datetime, turns: Iterable[Turn], now: datetime, resumes_at: datetime | None = None) -> Pace:
    """Compare the séance with its plan. `begins` is the hour announced; `resumes_at` the end of a break."""
    planned = left = timedelta()
    for turn in turns:
        length = timedelta(minutes=turn.minutes)
        if not turn.added:
            planned += length
        if not turn.done:
            left += max(length - turn.spent, timedelta())
    ends_at = max(now, resumes_at or now, begins) + left
    return Pace(ends_at - (begins + planned), ends_at)


def sentence(delay: timedelta, ends_at: datetime) -> str:
    """Return « 12 minutes de retard : fin prévue à 12 h 20 »; `ends_at` in local time. Whole minutes count."""
    minutes = abs(delay) // _MINUTE
    end = f"fin prévue à {hour(ends_at)}"
    if not minutes:
        return f"À l’heure{NBSP}: {end}"
    return f"{_length(minutes)} {'de retard' if delay > timedelta() else 'd’avance'}{NBSP}: {end}"


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return plural(rest, "minute")
    return plural(hours, "heure") + (f" {rest:02d}" if rest else "")
