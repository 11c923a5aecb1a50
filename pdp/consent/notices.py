"""The information notices handed to the insured, dated, read once from `seeds/reference`."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import yaml

from pdp.core import french
from pdp.core.resources import data_dir


@dataclass(frozen=True, slots=True)
class Section:
    """A question of the notice and its answer."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class InformationNotice:
    """One version of the notice: its code is kept with each agreement that it was handed over for."""

    code: str
    valid_from: date
    title: str
    sections: tuple[Section, ...]

    @property
    def label(self) -> str:
        """Return how a list names it."""
        return f"version {self.code}, depuis le {french.day(self.valid_from)}"


@lru_cache(maxsize=1)
def notices() -> tuple[InformationNotice, ...]:
    """Return every version, newest first."""
    path = data_dir("seeds") / "reference" / "information_notices.yaml"
    found = (
        InformationNotice(
            entry["code"],
            entry["valid_from"],
            entry["title"],
            tuple(Section(section["title"], section["text"].strip()) for section in entry["sections"]),
        )
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    )
    return tuple(sorted(found, key=lambda notice: notice.valid_from, reverse=True))


def notice_on(day: date) -> InformationNotice:
    """Return the version in use on a day; the oldest for a day before all of them."""
    return next((notice for notice in notices() if notice.valid_from <= day), notices()[-1])


def codes() -> frozenset[str]:
    """Return the codes that an agreement may name."""
    return frozenset(notice.code for notice in notices())
