"""The confidentiality undertaking, each version dated, read once from `seeds/reference`."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import yaml

from pdp.core import clock
from pdp.core.resources import data_dir


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that the person undertakes."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Undertaking:
    """One version of the text: its code is kept with each acceptance."""

    code: str
    valid_from: date
    title: str
    introduction: str
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=1)
def undertakings() -> tuple[Undertaking, ...]:
    """Return every version, newest first."""
    path = data_dir("seeds") / "reference" / "undertaking.yaml"
    found = (
        Undertaking(
            entry["code"],
            entry["valid_from"],
            entry["title"],
            entry["introduction"].strip(),
            tuple(Clause(each["title"], each["text"].strip()) for each in entry["sections"]),
        )
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    )
    return tuple(sorted(found, key=lambda each: each.valid_from, reverse=True))


def on(day: date) -> Undertaking:
    """Return the version asked on a day; the oldest for a day before all of them."""
    return next((each for each in undertakings() if each.valid_from <= day), undertakings()[-1])


def in_force() -> Undertaking:
    """Return the version that a sign-in asks for today."""
    return on(clock.today())


def find(code: str) -> Undertaking | None:
    """Return a version by its code."""
    return next((each for each in undertakings() if each.code == code), None)
