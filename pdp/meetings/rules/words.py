"""Small pieces of French shared by the sentences of a séance."""

from collections.abc import Sequence
from datetime import date, datetime

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def plural(count: int, singular: str, many: str | None = None) -> str:
    """Return the count with its noun: 0 and 1 take the singular, as French does."""
    noun = singular if count < 2 else many or f"{singular}s"
    return f"{count} {noun}"


def listing(parts: Sequence[str]) -> str:
    """Join with commas and a last « et »: « a, b et c »."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} et {parts[-1]}"


def capitalised(text: str) -> str:
    """Return the text with its first letter in capital, the rest untouched."""
    return text[:1].upper() + text[1:]


def hour(value: datetime) -> str:
    """Say a local time: « 14 h 05 », « 18 h »."""
    return f"{value.hour} h {value.minute:02d}" if value.minute else f"{value.hour} h"


def period(start: date | None, end: date | None) -> str:
    """Say a period: « du 9 au 24 mars 2026 », « à partir du 1er mars 2026 »; empty without a start."""
    if start is None:
        return ""
    if end is None:
        return f"à partir du {_day(start)} {start.year}"
    if start.year != end.year:
        return f"du {_day(start)} {start.year} au {_day(end)} {end.year}"
    if start.month != end.month:
        return f"du {_day(start)} au {_day(end)} {end.year}"
    return f"du {_number(start)} au {_day(end)} {end.year}"


def _day(value: date) -> str:
    return f"{_number(value)} {_MONTHS[value.month - 1]}"


def _number(value: date) -> str:
    return "1er" if value.day == 1 else str(value.day)
