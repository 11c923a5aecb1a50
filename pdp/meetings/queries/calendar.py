"""The séances of a year, and the days that are taken."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from pdp.core import clock, db
from pdp.meetings.enums import MeetingKind, MeetingStatus
from pdp.meetings.models import Meeting
from pdp.meetings.queries.lists import meeting_rows, select_meetings
from pdp.meetings.queries.rows import MeetingRow
from pdp.policy.actor import Actor


def list_year(actor: Actor, year: int) -> Sequence[MeetingRow]:
    """Return the séances of a year that the actor may know, in their order; one statement."""
    begins, ends = _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))
    rows = select_meetings(actor).where(Meeting.starts_at >= begins, Meeting.starts_at < ends)
    return meeting_rows(db.session().execute(rows.order_by(Meeting.starts_at, Meeting.id)).all())


def list_days_taken(cellule_id: int, first: date, last: date) -> frozenset[date]:
    """Return the local days on which a séance is planned, from a day to another."""
    rows = db.session().scalars(
        select(Meeting.starts_at).where(
            Meeting.cellule_id == cellule_id,
            Meeting.kind == MeetingKind.SEANCE,
            Meeting.status != MeetingStatus.CANCELLED,
            Meeting.starts_at >= _midnight(first),
            Meeting.starts_at < _midnight(last + timedelta(days=1)),
        )
    )
    return frozenset(clock.local(starts_at).date() for starts_at in rows)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.PARIS).astimezone(UTC)
