"""French dates, numbers and typography for templates: pure functions, no clock, no Flask."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from pdp.core.french import MONTHS_SHORT, NBSP, WEEKDAYS, WEEKDAYS_SHORT, capital, day, hour, number_of_day
from pdp.policy.roles import role_beside

_INVARIABLE_ENDINGS = ("s", "x", "z")
_VOWELS = "aàâäeéèêëiîïoôöuùûüyh"


def date_long(value: date | None, weekday: bool = True, year: bool = True) -> str:
    """Say a date in full: « mardi 3 mars 2026 », « 1er mars 2026 »; empty for no date."""
    if value is None:
        return ""
    text = day(value, year=False)
    if weekday:
        text = f"{WEEKDAYS[value.weekday()]}{NBSP}{text}"
    return f"{text}{NBSP}{value.year}" if year else text


def date_short(value: date | None, weekday: bool = False, year: bool = False) -> str:
    """Say a date for a table: « 12 févr. », « ven. 27 févr. », « 12 févr. 2026 »; empty for no date."""
    if value is None:
        return ""
    text = f"{number_of_day(value)}{NBSP}{MONTHS_SHORT[value.month - 1]}"
    if weekday:
        text = f"{WEEKDAYS_SHORT[value.weekday()]}{NBSP}{text}"
    return f"{text}{NBSP}{value.year}" if year else text


def date_digits(value: date | None) -> str:
    """Write a date as people type it: « 03/03/2026 »; empty for no date."""
    return "" if value is None else value.strftime("%d/%m/%Y")


def date_relative(value: date, today: date) -> str:
    """Say how far a date is from ``today``: « demain », « hier », « dans 6 jours », « il y a 3 mois »."""
    days = (value - today).days
    near = {0: "aujourd’hui", 1: "demain", -1: "hier"}
    if days in near:
        return near[days]
    count = _span(abs(days))
    return f"dans {count}" if days > 0 else f"il y a {count}"


def _span(days: int) -> str:
    # Two months are the point where people stop counting in days.
    if days < 60:
        return plural(days, "jour")
    if days < 730:
        return plural(round(days / 30.44), "mois")
    return plural(round(days / 365.25), "an")


def time_hm(value: time | datetime | None) -> str:
    """Say a local time: « 14 h 05 », « 18 h »; empty for no time. The caller converts from UTC."""
    if value is None:
        return ""
    return hour(value)


def moment(value: datetime | None) -> str:
    """Say a local date and time: « 3 mars 2026 à 14 h 32 »; empty for none."""
    if value is None:
        return ""
    return f"{date_long(value, weekday=False)} à{NBSP}{time_hm(value)}"


def duration(value: timedelta | int | None) -> str:
    """Say a length of time, from a timedelta or minutes: « 45 min », « 1 h 30 », « 3 jours »; empty for none."""
    if value is None:
        return ""
    minutes = value if isinstance(value, int) else int(value.total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return plural(minutes // (24 * 60), "jour")
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def number(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """Write a number the French way: « 12 480 », « 63,2 »; empty for none. Halves round up."""
    if value is None:
        return ""
    quantum = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(quantum, rounding=ROUND_HALF_UP)
    return f"{rounded:,.{decimals}f}".replace(",", NBSP).replace(".", ",").replace("-", "\u2212")


def percent(part: int, whole: int, decimals: int = 1) -> str:
    """Write a share: « 63,0 % »; « sans objet » when the denominator is zero."""
    if whole == 0:
        return "sans objet"
    return f"{number(Decimal(part) * 100 / Decimal(whole), decimals)}{NBSP}%"


def plural(count: int, singular: str, plural_form: str | None = None, with_count: bool = True) -> str:
    """Agree a noun with its count: « 1 dossier », « 2 dossiers », « 0 jour »; every word of the group takes its s.

    French is singular below two. ``plural_form`` gives an irregular plural.
    """
    if abs(count) < 2:
        word = singular
    elif plural_form is not None:
        word = plural_form
    else:
        word = " ".join(w if w.endswith(_INVARIABLE_ENDINGS) else f"{w}s" for w in singular.split(" "))
    return f"{number(count)}{NBSP}{word}" if with_count else word


def nbsp(text: str) -> str:
    """Set no-break spaces where French wants them, curly apostrophes and guillemets; repeatable."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r'"([^"]*)"', r"«\1»", text)
    text = re.sub(r"[ \u00a0\u202f]+(?=[:;!?%»€])", NBSP, text)
    text = re.sub(r"(?<=[\w)’»])(?=[;!?](?:\s|$)|»)", NBSP, text)
    text = re.sub(r"(?<=[\w)])(?=:\s)", NBSP, text)
    text = re.sub(r"«[ \u00a0\u202f]*", f"«{NBSP}", text)
    text = re.sub(r"(?<=\d)[ \u202f](?=\d{3}(?!\d))", NBSP, text)
    return re.sub(r"\bn°\s*(?=\d)", f"n°{NBSP}", text)


def initials(first_name: str, last_name: str = "") -> str:
    """Reduce a name to what a room may see: « P. M. », « J.-P. M. »; particles keep one letter."""
    parts = [
        "-".join(f"{piece[0].upper()}." for piece in name.split("-") if piece)
        for name in (first_name.strip(), last_name.strip())
        if name
    ]
    return NBSP.join(part for part in parts if part)


def de_elision(word: str) -> str:
    """Put « de » before a word, elided before a vowel or a mute h: « d’essai », « de bilan »."""
    return f"d’{word}" if word[:1].lower() in _VOWELS else f"de{NBSP}{word}"


FILTERS: dict[str, Callable[..., str]] = {
    "beside": role_beside,
    "capital": capital,
    "date_digits": date_digits,
    "date_long": date_long,
    "date_relative": date_relative,
    "date_short": date_short,
    "de_elision": de_elision,
    "duration": duration,
    "initials": initials,
    "moment": moment,
    "nbsp": nbsp,
    "number": number,
    "percent": percent,
    "plural": plural,
    "time_hm": time_hm,
}
