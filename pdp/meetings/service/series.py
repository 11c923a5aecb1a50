"""A series of séances planned at once, and the calendar of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.calendar import Territory, public_holidays
from pdp.core.errors import InvalidInput
from pdp.meetings.queries import calendar as queries
from pdp.meetings.queries.rows import MeetingRow
from pdp.meetings.rules.series import MOST, Nth, Occurrence, Rhythm, monthly, occurrences, weekly
from pdp.meetings.service.planning import new_meeting
from pdp.meetings.service.telling import tell_members
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class YearPage:
    """The séances of a year that the actor may know, and its public holidays."""

    year: int
    meetings: Sequence[MeetingRow]
    holidays: Mapping[date, str]


def preview_series(
    actor: Actor,
    *,
    rhythm: Rhythm,
    every: int,
    first: date,
    until: date,
    nth: Nth = Nth.FIRST,
    weekday: int = 1,
) -> tuple[Occurrence, ...]:
    """Return the days of a series with what speaks against each; nothing is planned yet."""
    ensure(actor, Permission.MEETING_RUN)
    if first < clock.today():
        raise InvalidInput({"first": ["Cette date est passée : choisissez une date à venir."]})
    if until < first:
        raise InvalidInput({"until": ["La fin doit venir après le début."]})
    days = weekly(first, every, until) if rhythm is Rhythm.WEEKS else monthly(first, nth, weekday, every, until)
    if not days:
        raise InvalidInput({"until": ["Aucune date ne tombe dans cette période : allongez-la."]})
    with db.reading(actor):
        holidays = _holidays(actor, {day.year for day in days})
        taken = queries.list_days_taken(actor.cellule_id, days[0], days[-1])
    return occurrences(days, holidays, taken)


def plan_series(
    actor: Actor, *, days: Sequence[date], start: time, end: time, place: str, video_link: str = ""
) -> list[str]:
    """Plan a séance on each of these days and return their public ids; each then lives alone.

    The members are told once, of the first one. All are planned, or none.
    """
    ensure(actor, Permission.MEETING_RUN)
    wanted = sorted(set(days))
    if not wanted:
        raise InvalidInput({"days": ["Gardez au moins une date."]})
    if len(wanted) > MOST:
        raise InvalidInput({"days": [f"Planifiez au plus {MOST} séances à la fois."]})
    with db.transaction(actor):
        planned = [new_meeting(actor, day, start, end, place, video_link) for day in wanted]
        audit.record(actor, "meeting.plan_series", subject=planned[0], count=len(planned))
        tell_members(actor, planned[0], NoticeKind.MEETING_PLANNED)
    return [meeting.public_id for meeting in planned]


def read_year(actor: Actor, year: int) -> YearPage:
    """Return the calendar of a year; a partner gets the séances where a case of its own is tabled."""
    ensure(actor, Permission.MEETING_LIST)
    with db.transaction(actor):
        rows = queries.list_year(actor, year)
        holidays = _holidays(actor, {year})
        audit.record(actor, "meeting.list", year=year, count=len(rows))
    return YearPage(year, rows, holidays)


def _holidays(actor: Actor, years: set[int]) -> dict[date, str]:
    territory = Territory(accounts.get_cellule(actor.cellule_id).territory)
    return {day: name for year in sorted(years) for day, name in public_holidays(year, territory).items()}
