"""Where a version's sending and an edition's approval stand, told by the lines of the register. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pdp.minutes.enums import ApprovalState, EventReason, MinutesEventKind, SendingState

_SENDING = {
    MinutesEventKind.PREPARED: SendingState.WAITING,
    MinutesEventKind.CANCELLED: SendingState.NOT_SENT,
    MinutesEventKind.SENT: SendingState.SENT,
    MinutesEventKind.HELD: SendingState.HELD,
    MinutesEventKind.RECALLED: SendingState.RECALLED,
}
_APPROVAL = {
    MinutesEventKind.WINDOW_OPENED: ApprovalState.OPEN,
    MinutesEventKind.CONTESTED: ApprovalState.CONTESTED,
    MinutesEventKind.APPROVED: ApprovalState.APPROVED,
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """A line of the register, with the name of who wrote it (empty for a job)."""

    id: int
    minutes_id: int
    version_id: int | None
    organisation_id: int | None
    user_id: int | None
    user_name: str
    kind: MinutesEventKind
    at: datetime
    due_at: datetime | None = None
    reason: EventReason | None = None
    format: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """Where the sending of a version stands, since when; `due_at` is when a waiting one leaves."""

    state: SendingState = SendingState.NOT_SENT
    at: datetime | None = None
    due_at: datetime | None = None
    reason: EventReason | None = None
    event_id: int = 0
    # It left once, whatever came after: its recipient may hold a file of it.
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Approval:
    """Where the approval of an edition stands; `due_at` is when objections close."""

    state: ApprovalState = ApprovalState.AWAITED
    at: datetime | None = None
    due_at: datetime | None = None
    reason: EventReason | None = None
    event_id: int = 0


def sending(events: Iterable[EventRow], version_id: int) -> Sending:
    """Return where the sending of a version stands: its last line of that kind says it."""
    lines = [event for event in events if event.version_id == version_id and event.kind in _SENDING]
    if not lines:
        return Sending()
    last = max(lines, key=lambda event: event.id)
    left = any(event.kind is MinutesEventKind.SENT for event in lines)
    return Sending(_SENDING[last.kind], last.at, last.due_at, last.reason, last.id, left)


def approval(events: Iterable[EventRow], minutes_id: int) -> Approval:
    """Return where the approval of an edition stands; once approved it stays so."""
    lines = [event for event in events if event.minutes_id == minutes_id and event.kind in _APPROVAL]
    if not lines:
        return Approval()
    last = max(lines, key=lambda event: (event.kind is MinutesEventKind.APPROVED, event.id))
    return Approval(_APPROVAL[last.kind], last.at, last.due_at, last.reason, last.id)


def obstacle(*, newest: bool, restricted: bool, still_open: bool, people: int) -> EventReason | None:
    """Return why a version cannot be sent, the gravest reason first; None when nothing stands in the way."""
    if not newest:
        return EventReason.REPLACED
    if restricted:
        return EventReason.RESTRICTED
    if not still_open:
        return EventReason.SHARING_ENDED
    return None if people else EventReason.NO_ACCOUNT
