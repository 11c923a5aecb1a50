"""When a written consultation may end, and when those who have not voted are reminded: pure, in local days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pdp.accounts.enums import Silence
from pdp.consultations.enums import Phase
from pdp.core.calendar import Territory, add_working_days, is_working_day
from pdp.meetings.enums import MeetingStatus

# Working days that members have at the least, after the day of the opening.
SHORTEST = 3
# The hour at which reminders leave, local time.
REMINDED_AT = time(9)
# Between two reminders, whoever sends them.
PAUSE = timedelta(hours=24)

_DAY = timedelta(days=1)

SILENCE: dict[Silence, str] = {
    Silence.NOTHING: (
        "Le silence ne vaut rien : un siège qui n’a pas répondu à la fin n’est pas compté. "
        "Il est absent pour le quorum."
    ),
    Silence.ASSENT: (
        "Le silence vaut accord : un siège délibératif qui a été prévenu et qui n’a pas répondu à la fin est réputé "
        "favorable. Il compte comme une voix pour, et pour le quorum. Le silence d’un siège consultatif, ou d’une "
        "personne qui se déporte, ne vaut rien."
    ),
}


@dataclass(frozen=True, slots=True)
class Reminders:
    """The local days on which those who have not voted are reminded; both at `REMINDED_AT`."""

    half_on: date
    eve_on: date


def earliest_end(opens_on: date, territory: Territory = Territory.METROPOLE) -> date:
    """Return the first day on which a consultation opened on a day may end."""
    return add_working_days(opens_on, SHORTEST, territory)


def reminders(opens_on: date, ends_on: date, territory: Territory = Territory.METROPOLE) -> Reminders:
    """Return when to remind: half-way, on a working day, and on the last working day before the end."""
    half = opens_on + (ends_on - opens_on) // 2
    while not is_working_day(half, territory):
        half += _DAY
    eve = ends_on - _DAY
    while not is_working_day(eve, territory):
        eve -= _DAY
    return Reminders(min(half, eve), eve)


def is_due(day: date, done_at: datetime | None, local_now: datetime) -> bool:
    """Tell whether the reminder of a day is to be sent now. `local_now` is in metropolitan time."""
    return done_at is None and (local_now.date(), local_now.time()) >= (day, REMINDED_AT)


def phase(status: MeetingStatus, ends_at: datetime, now: datetime) -> Phase:
    """Return where a consultation stands: past its deadline no vote is taken, whether or not a job has run."""
    if status is MeetingStatus.OPEN:
        return Phase.OPEN if now < ends_at else Phase.ENDED
    return _PHASES[status]


_PHASES = {
    MeetingStatus.PLANNED: Phase.PLANNED,
    MeetingStatus.CLOSED: Phase.CLOSED,
    MeetingStatus.CANCELLED: Phase.CANCELLED,
}
