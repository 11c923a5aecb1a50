"""Words, dates and numbers that are given once each, and how they are found again in an answer."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from stdnum.fr import nir

_TOKEN = re.compile(r"qx\d{5}q", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.-])41\d{3}(?![\w.-])")
_NIR = re.compile(r"(?<!\d)[12](?:[\s\u00a0\u202f]?\d){14}(?!\d)")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_FRENCH = re.compile(r"(?<!\d)(\d{2})/(\d{2})/(\d{4})(?!\d)")
_WORDED = re.compile(r"(?<!\d)(\d{1,2})(?:er)?[\s\u00a0\u202f]([a-zéûô]+)\.?[\s\u00a0\u202f](\d{4})(?!\d)")
_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
)
_MONTH = {word: number for words in _MONTHS for number, word in enumerate(words.split(), start=1)}

# Where the unique days of a column begin: far from the days that pages show for other reasons.
_FIRST_DAYS = {
    ("stoppage", "starts_on"): date(2019, 1, 1),
    ("stoppage", "prescribed_end"): date(2031, 1, 1),
    ("encounter", "happens_on"): date(2021, 1, 1),
    ("activity", "starts_on"): date(2009, 1, 1),
    ("insured_person", "birth_date"): date(1960, 1, 1),
    ("measure_event", "happened_on"): date(2060, 1, 1),
    ("measure_event", "until"): date(2060, 1, 2),
}
_ELSEWHERE = date(2034, 1, 1)
# A page counts days and months from the periods of a measure: what it finds must be the day of nothing else.
_DAYS_APART = {"measure_event": 1_100}


@dataclass
class Canary:
    """One value given once. What it belongs to is resolved when the whole world stands."""

    value: str
    table: str
    column: str
    label: str
    row: Any = field(repr=False)
    case: str | None = None
    cellule: str | None = None

    @property
    def name(self) -> str:
        """Say which value it is: `medical case_note.text of a.shared`."""
        return f"{self.label} {self.table}.{self.column} of {self.case or self.cellule}"


@dataclass
class Mint:
    """Gives each value once and remembers what it was given for."""

    given: dict[str, Canary] = field(default_factory=dict)
    start: int = 0
    _days: dict[date, int] = field(default_factory=dict)

    def token(self, row: Any, column: str, label: str) -> str:
        """Return a word of eight characters: short enough for any column, without a vowel to be hyphenated at."""
        return self._note(f"qx{self.start + len(self.given):05}q", row, column, label)

    def day(self, row: Any, column: str, label: str) -> date:
        """Return a day that no other row of the world holds."""
        first = _FIRST_DAYS.get((row.__tablename__, column), _ELSEWHERE)
        step = self._days[first] = self._days.get(first, -1) + 1
        day = first + timedelta(days=step * _DAYS_APART.get(row.__tablename__, 1))
        self._note(day.isoformat(), row, column, label)
        return day

    def number(self, row: Any, column: str, label: str) -> int:
        """Return a number between 41 000 and 41 999."""
        found = 41_000 + sum(canary.value.startswith("41") for canary in self.given.values())
        return int(self._note(str(found), row, column, label))

    def nir(self, row: Any, column: str, label: str) -> str:
        """Return a social-security number with its right key."""
        stem = f"28005291{self.start + len(self.given):05}"
        return self._note(stem + nir.calc_check_digits(stem), row, column, label)

    def _note(self, value: str, row: Any, column: str, label: str) -> str:
        assert value not in self.given, f"{value} was given twice"
        self.given[value] = Canary(value, row.__tablename__, column, label, row)
        return value


def values_in(text: str) -> set[str]:
    """Return everything in a text that looks like a value of a mint."""
    found = {word.lower() for word in _TOKEN.findall(text)}
    found.update(_NUMBER.findall(text))
    found.update(_SPACES.sub("", number) for number in _NIR.findall(text))
    found.update("-".join(parts) for parts in _ISO.findall(text))
    found.update(f"{year}-{month}-{day}" for day, month, year in _FRENCH.findall(text))
    for day, month, year in _WORDED.findall(text.lower()):
        if month in _MONTH:
            found.add(f"{year}-{_MONTH[month]:02}-{int(day):02}")
    return found
