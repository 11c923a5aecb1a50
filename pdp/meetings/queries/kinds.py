"""The one place that tells séances from written consultations: both are rows of `meeting`."""

from sqlalchemy import ColumnElement

from pdp.meetings.enums import MeetingKind
from pdp.meetings.models import Meeting


def is_seance() -> ColumnElement[bool]:
    """Return the filter over `Meeting` that every list, calendar and act of séances applies."""
    return Meeting.kind == MeetingKind.SEANCE


def is_written(frame: type[Meeting] = Meeting) -> ColumnElement[bool]:
    """Return the filter over `Meeting`, or over an alias of it, of written consultations."""
    return frame.kind == MeetingKind.WRITTEN
