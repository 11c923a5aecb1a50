"""When a mail leaves, when it is tried again, and how often somebody may be called: pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from pdp.core.calendar import working_days
from pdp.notifications.enums import Family, NoticeKind, Pace

# Longer and longer pauses, about a day in all: a server stopped for the night loses nothing.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 240, 480, 720))
# Beyond this many mails in a day a person gets the rest in the next digest; what is urgent leaves all the same.
MOST_A_DAY = 6
# A reminder of the same thing: at most so many, and so many working days apart.
MOST_REMINDERS = 3
REMINDER_PAUSE = 2

_OF_ONE_ACCOUNT = frozenset(
    {
        NoticeKind.INVITATION,
        NoticeKind.PASSWORD_RESET,
        NoticeKind.PASSWORD_CHANGED,
        NoticeKind.FACTORS_CHANGED,
        NoticeKind.PASSKEY_COPIED,
        NoticeKind.RECOVERY_ASKED,
        NoticeKind.RECOVERY_TO_VOUCH,
        NoticeKind.RECOVERY_ACCEPTED,
        NoticeKind.RECOVERY_ENDED,
        NoticeKind.RECOVERY_DONE,
        NoticeKind.ACCOUNT_DORMANT,
        NoticeKind.ACCESS_ALERT,
        NoticeKind.DIGEST,
    }
)
# What concerns an account or a person, never the seat that they hold: nobody gets it in their place.
PERSONAL = _OF_ONE_ACCOUNT | {NoticeKind.CONSULTATION_PHONE}
# What a person must know before the next digest, whatever they chose.
URGENT = _OF_ONE_ACCOUNT | frozenset(
    {
        NoticeKind.CONSULTATION_PHONE,
        NoticeKind.EMERGENCY_ACCESS,
        NoticeKind.RETENTION_STOPPED,
        NoticeKind.RECALL_ASKED,
        NoticeKind.MEETING_CHANGED,
        NoticeKind.MEETING_CANCELLED,
        NoticeKind.CONVOCATION,
        NoticeKind.CONVOCATION_CHANGED,
        NoticeKind.CONVOCATION_CANCELLED,
        NoticeKind.CONVOCATION_ADDENDUM,
        NoticeKind.CONVOCATION_REMINDER,
        NoticeKind.QUORUM_AT_RISK,
        NoticeKind.CONSULTATION_OPENED,
        NoticeKind.CONSULTATION_REMINDER,
        NoticeKind.MINUTES_HELD,
        NoticeKind.MINUTES_RECALLED,
    }
)
_DUTIES = (
    "access_",
    "account_",
    "emergency_",
    "factors_",
    "invitation",
    "pack_",
    "passkey_",
    "password_",
    "recovery_",
    "retention_",
    "rights_",
)
_MEETINGS = ("ballot_", "consultation_", "convocation", "correction_", "meeting_", "minutes_", "quorum_")


def _family(kind: NoticeKind) -> Family:
    if kind.value.startswith(_DUTIES):
        return Family.DUTIES
    return Family.MEETINGS if kind.value.startswith(_MEETINGS) else Family.CASES


FAMILIES: Mapping[NoticeKind, Family] = MappingProxyType({kind: _family(kind) for kind in NoticeKind})


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after this many failed tries; None once it is time to give up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def leaves_at_once(kind: NoticeKind, pace: Pace, *, absent: bool, mails_today: int) -> bool:
    """Tell whether a mail leaves with the act; what does not waits for a digest, or stays in the site."""
    if kind in URGENT:
        return True
    return pace is Pace.AT_ONCE and not absent and mails_today < MOST_A_DAY


def waits_for_digest(kind: NoticeKind, pace: Pace) -> bool:
    """Tell whether a notice that no mail told of goes in the next digest: the day's surplus does."""
    return kind not in URGENT and pace is not Pace.SITE


def may_remind(told: Sequence[date], today: date) -> bool:
    """Tell whether somebody told on these days may be reminded: not too often, not too many times.

    The first of `told` is when they were asked; the others are reminders.
    """
    if not told:
        return True
    if len(told) > MOST_REMINDERS or max(told) >= today:
        return False
    return working_days(max(told) + timedelta(days=1), today) >= REMINDER_PAUSE
