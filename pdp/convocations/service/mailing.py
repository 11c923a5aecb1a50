"""What a mail of a convocation says at the moment when it leaves: the state of that moment, and nothing of a case."""

from pdp.accounts import recipients
from pdp.convocations import queries
from pdp.convocations.models import Convocation
from pdp.convocations.rules import is_open
from pdp.convocations.service.sending import PURPOSE
from pdp.core import clock, db, links
from pdp.core.french import NBSP, hour, weekday
from pdp.meetings.models import Meeting
from pdp.notifications.calendar import Appointment, Method
from pdp.notifications.doors import Entry, Opening
from pdp.notifications.enums import NoticeKind

KINDS = (
    NoticeKind.CONVOCATION,
    NoticeKind.CONVOCATION_CHANGED,
    NoticeKind.CONVOCATION_CANCELLED,
    NoticeKind.CONVOCATION_ADDENDUM,
    NoticeKind.CONVOCATION_REMINDER,
)


def opening_of_cancellation(public_id: str) -> Opening | None:
    """Return the mail that takes a convocation back; None when the person was convened again since."""
    found = _load(public_id)
    if found is None or found[0].cancelled_at is None:
        return None
    return _write(*found, path="/seances", method=Method.CANCEL, frame="_convocation_over.txt")


def opening_of_convocation(public_id: str) -> Opening | None:
    """Return the mail of a convocation and the page that its link opens; None once it opens nothing."""
    found = _load(public_id)
    if found is None:
        return None
    row, meeting = found
    if not is_open(meeting.status, cancelled=row.cancelled_at is not None, over=clock.now() >= meeting.ends_at):
        return None
    token = links.find_token(PURPOSE, row.public_id, row.token_hash)
    if token is None:
        return None
    return _write(row, meeting, path=f"/convocation/{token}", method=Method.REQUEST, frame="_convocation.txt")


def _load(public_id: str) -> tuple[Convocation, Meeting] | None:
    with db.reading():
        row = queries.find_by_id(public_id)
    if row is None:
        return None
    with db.reading(db.Upkeep(row.cellule_id)):
        return row, queries.get_meeting(row)


def _write(row: Convocation, meeting: Meeting, *, path: str, method: Method, frame: str) -> Opening | None:
    person = recipients.find_recipient(row.membership.user_id, row.cellule_id)
    if person is None:
        return None
    # The entry leads to the séance, after signing in: a calendar is shared, the link that answers is not.
    appointment = Appointment(
        row.public_id, row.starts_at, row.ends_at, row.place, f"/seances/{meeting.public_id}", row.sequence
    )
    return Opening(person.address, path, facts_of(row), Entry(appointment, method), frame)


def facts_of(row: Convocation) -> str:
    """Say when and where a person is expected, one paragraph each."""
    start, end = clock.local(row.starts_at), clock.local(row.ends_at)
    when = f"Le {weekday(start.date())}, de {hour(start)} à {hour(end)}."
    return f"{when}\n\nLieu{NBSP}: {row.place}"
