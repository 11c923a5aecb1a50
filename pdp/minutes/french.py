"""French wording of dates, hours, lists and counts, with non-breaking spaces where they belong."""

import re
from collections.abc import Sequence
from datetime import date, datetime

NBSP = "\u00a0"

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
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
_NUMBERS = (
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
)
_RULE_ID = re.compile(r"^(?P<stem>.*\D)(?P<number>\d+)$")


def day(on: date, *, year: bool = True) -> str:
    """Return « 12 mars 2026 », or « 12 mars » without its year; the first is « 1er »."""
    first = "1er" if on.day == 1 else str(on.day)
    text = f"{first}{NBSP}{_MONTHS[on.month - 1]}"
    return f"{text} {on.year}" if year else text


def weekday(on: date) -> str:
    """Return « jeudi 12 mars 2026 »."""
    return f"{_WEEKDAYS[on.weekday()]} {day(on)}"


def hour(at: datetime) -> str:
    """Return « 14 h 02 », or « 14 h » on the hour."""
    minutes = f"{NBSP}{at.minute:02d}" if at.minute else ""
    return f"{at.hour}{NBSP}h{minutes}"


def period(start: date | None, end: date | None) -> str:
    """Return « du 23 mars au 24 avril 2026 », or the half that is known; empty when neither is."""
    if start and end and (start.year, start.month) == (end.year, end.month):
        return f"du {day(start).split(NBSP)[0]} au {day(end)}"
    if start and end:
        return f"du {day(start, year=start.year != end.year)} au {day(end)}"
    if start:
        return f"à partir du {day(start)}"
    return f"jusqu’au {day(end)}" if end else ""


def enumerate_words(words: Sequence[str]) -> str:
    """Return « a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def count(number: int) -> str:
    """Return the number in words up to seize, in digits above."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def sentence(text: str) -> str:
    """Return the text with a full stop, unless it already ends as a sentence does."""
    stripped = text.rstrip()
    return stripped if not stripped or stripped[-1] in ".!?…" else f"{stripped}."


def rule_ids(ids: Sequence[str]) -> str:
    """Return « règles BC-S-01 à BC-S-03 et BC-S-06 »: three or more in a row become a range."""
    if not ids:
        return ""
    words = [word for run in _runs(ids) for word in _name_run(run)]
    return f"règle{'s' if len(ids) > 1 else ''} {enumerate_words(words)}"


def _runs(ids: Sequence[str]) -> list[list[str]]:
    runs: list[list[str]] = []
    for rule_id in ids:
        if runs and _follows(runs[-1][-1], rule_id):
            runs[-1].append(rule_id)
        else:
            runs.append([rule_id])
    return runs


def _follows(first: str, second: str) -> bool:
    before, after = _RULE_ID.match(first), _RULE_ID.match(second)
    if before is None or after is None or before["stem"] != after["stem"]:
        return False
    return int(after["number"]) == int(before["number"]) + 1


def _name_run(run: list[str]) -> list[str]:
    return run if len(run) < 3 else [f"{run[0]} à {run[-1]}"]
