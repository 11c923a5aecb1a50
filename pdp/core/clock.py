"""The only reader of the time. Instants are UTC-aware; legal deadlines are local dates."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present date in metropolitan France."""
    return now().astimezone(PARIS).date()


def local(instant: datetime) -> datetime:
    """Convert an instant to metropolitan time, for display and minutes."""
    return instant.astimezone(PARIS)
