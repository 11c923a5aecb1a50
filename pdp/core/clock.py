"""The only reader of the time. Instants are UTC-aware; legal deadlines are local dates."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


_moved: ContextVar[datetime | None] = ContextVar("pdp_clock", default=None)


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _moved.get() or datetime.now(UTC)


@contextmanager
def acting_at(instant: datetime) -> Iterator[None]:
    """Make `now` answer `instant` inside the block: the demo world plays its past with it."""
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def today() -> date:
    """Return the present date in metropolitan France."""
    return now().astimezone(PARIS).date()


def local(instant: datetime) -> datetime:
    """Convert an instant to metropolitan time, for display and minutes."""
    return instant.astimezone(PARIS)
