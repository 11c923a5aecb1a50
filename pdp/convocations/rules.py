"""When a convocation may be answered, reminded of, and what the answers say of a seat. Pure."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from pdp.convocations.enums import Answer
from pdp.core.calendar import Territory, add_working_days, is_working_day
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.rules.forecast import Reply

# Nobody is reminded twice within these working days, unless the coordinator says so.
REMINDER_PAUSE = 3
# Working days before a séance on which the quorum forecast is looked at.
WARNED_BEFORE = (5, 2)
WISH_LENGTH = 140

_REPLIES: dict[Answer | None, Reply] = {
    None: Reply.UNKNOWN,
    Answer.ROOM: Reply.COMES,
    Answer.REMOTE: Reply.COMES,
    Answer.AWAY: Reply.AWAY,
    Answer.OTHER_TIME: Reply.UNKNOWN,
}


def is_open(status: MeetingStatus, *, cancelled: bool, over: bool) -> bool:
    """Tell whether a convocation may still be answered: until the séance opens, or is past without opening."""
    return status is MeetingStatus.PLANNED and not cancelled and not over


def may_remind(last: date | None, today: date, territory: Territory = Territory.METROPOLE) -> bool:
    """Tell whether the last reminder is far enough."""
    return last is None or today >= add_working_days(last, REMINDER_PAUSE, territory)


def working_days_before(day: date, count: int, territory: Territory = Territory.METROPOLE) -> date:
    """Return the `count`-th working day strictly before a day."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day, territory)
    return day


def is_warned(held_on: date, today: date, territory: Territory = Territory.METROPOLE) -> bool:
    """Tell whether the quorum of a séance is looked at today."""
    return today in {working_days_before(held_on, count, territory) for count in WARNED_BEFORE}


def agenda_mark(items: Iterable[str]) -> str:
    """Return the fingerprint of the points that concern a person, whatever their order."""
    return hashlib.sha256(" ".join(sorted(items)).encode()).hexdigest()


def reply_of(answer: Answer | None, substitute: Answer | None = None) -> Reply:
    """Return what an answer announces for a seat; `substitute` is that of the suppléant sent."""
    return _REPLIES.get(substitute, Reply.UNKNOWN) if answer is Answer.SUBSTITUTE else _REPLIES[answer]
