"""French wording of dates, hours, periods and lists: pure, with no-break spaces where they belong.

The no-break space is U+00A0: the typeface has no glyph for the narrow one (U+202F).
"""

from collections.abc import Sequence
from datetime import date, datetime, time

NBSP = "\u00a0"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WEEKDAYS_SHORT = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
MONTHS = (
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
MONTHS_SHORT = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def number_of_day(on: date) -> str:
    """Return the day of the month as it is said: « 1er », « 2 »."""
    return "1er" if on.day == 1 else str(on.day)


def day(on: date, *, year: bool = True) -> str:
    """Return « 12 mars 2026 », or « 12 mars » without its year; the first is « 1er »."""
    text = f"{number_of_day(on)}{NBSP}{MONTHS[on.month - 1]}"
    return f"{text} {on.year}" if year else text


def month(code: str) -> str:
    """Return « novembre 2026 » for 2026-11."""
    year, number = code.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def weekday(on: date) -> str:
    """Return « jeudi 12 mars 2026 »."""
    return f"{WEEKDAYS[on.weekday()]} {day(on)}"


def hour(at: datetime | time) -> str:
    """Return a local time: « 14 h 02 », or « 14 h » on the hour."""
    minutes = f"{NBSP}{at.minute:02d}" if at.minute else ""
    return f"{at.hour}{NBSP}h{minutes}"


def period(start: date | None, end: date | None) -> str:
    """Return « du 23 mars au 24 avril 2026 », or the half that is known; empty when neither is."""
    if start and end and (start.year, start.month) == (end.year, end.month):
        return f"du {number_of_day(start)} au {day(end)}"
    if start and end:
        return f"du {day(start, year=start.year != end.year)} au {day(end)}"
    if start:
        return f"à partir du {day(start)}"
    return f"jusqu’au {day(end)}" if end else ""


def listing(words: Sequence[str]) -> str:
    """Join with commas and a last « et »: « a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def capital(text: str) -> str:
    """Give a sentence its first capital and leave the rest alone: « mardi 3 mars » → « Mardi 3 mars »."""
    return text[:1].upper() + text[1:]
