"""The information notices handed to the insured (art. 13 and 14 RGPD), dated, read once from `seeds/reference`."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import yaml

from pdp.core import french
from pdp.core.resources import data_dir
from pdp.privacy.rules.informing import Version, newest


@dataclass(frozen=True, slots=True)
class Section:
    """A question of the notice and its answer."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """One version of the notice; `short` is its easy-to-read form, a sentence a line."""

    code: str
    valid_from: date
    title: str
    short: tuple[str, ...]
    sections: tuple[Section, ...]
    changes: str

    @property
    def label(self) -> str:
        """Return how a list names it."""
        return f"version {self.code}, depuis le {french.day(self.valid_from)}"


@lru_cache(maxsize=1)
def notices() -> tuple[PrivacyNotice, ...]:
    """Return every version, newest first."""
    path = data_dir("seeds") / "reference" / "privacy_notices.yaml"
    found = (
        PrivacyNotice(
            entry["code"],
            entry["valid_from"],
            entry["title"],
            tuple(entry["short"]),
            tuple(Section(section["title"], section["text"].strip()) for section in entry["sections"]),
            entry.get("changes", ""),
        )
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    )
    return tuple(sorted(found, key=lambda notice: notice.valid_from, reverse=True))


def versions() -> tuple[Version, ...]:
    """Return the versions as the rules judge them."""
    return tuple(Version(notice.code, notice.valid_from) for notice in notices())


def notice_in_use(day: date) -> PrivacyNotice:
    """Return the version in use on a day."""
    code = newest(versions(), day).code
    return next(notice for notice in notices() if notice.code == code)


def find_notice(code: str) -> PrivacyNotice | None:
    """Return a version by its code."""
    return next((notice for notice in notices() if notice.code == code), None)
