"""What the templates of séances say of a date: instants are stored in UTC and read in local time."""

from datetime import date, datetime, time

from pdp.core import clock
from pdp.meetings.views import bp
from pdp.web.filters import time_hm


@bp.app_template_filter("local_day")
def local_day(instant: datetime) -> date:
    """Return the local date of an instant."""
    return clock.local(instant).date()


@bp.app_template_filter("local_time")
def local_time(instant: datetime) -> str:
    """Say the local time of an instant: « 14 h 05 »."""
    return time_hm(clock.local(instant))


@bp.app_template_filter("hours")
def hours(starts_at: datetime, ends_at: datetime) -> str:
    """Say when a séance is held: « 14 h à 16 h 30 »."""
    return f"{local_time(starts_at)} à\u00a0{local_time(ends_at)}"


@bp.app_template_filter("iso_day")
def iso_day(text: str) -> date:
    """Read a date as a form holds it: « 2026-03-12 »."""
    return date.fromisoformat(text)


@bp.app_template_filter("iso_time")
def iso_time(text: str) -> str:
    """Say a time as a form holds it: « 14:05 » becomes « 14 h 05 »."""
    return time_hm(time.fromisoformat(text))
