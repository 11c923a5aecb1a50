"""The copy of a person's data as plain values, and what is hidden in it: pure, before any format."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from pdp.policy.labels import Label
from pdp.privacy.enums.pack import MaskReason, Part
from pdp.privacy.rules.shelves import part_of

_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]+\s*|[^.!?\n]+")
_CIVILITY = r"(?:m|mr|mme|mlle|monsieur|madame)\.?\s+"


@dataclass(frozen=True, slots=True)
class Field:
    """One information. `text` is read by people, `value` by machines; a `free` text may hold someone else."""

    key: str
    title: str
    text: str
    value: Any
    label: Label | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its own title, and its fields."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What a table holds about the person, or about one case."""

    code: str
    title: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class CaseCopy:
    """A case of the person."""

    case_id: int
    reference: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a text may hold, and what is written in its place."""

    given: str
    family: str
    instead: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A passage to hide: its place in the text, and what is written there."""

    start: int
    end: int
    instead: str


def in_part(copy: CaseCopy, part: Part | None) -> CaseCopy:
    """Keep the fields of one part; None keeps what nobody reads before sealing."""
    return only(copy, lambda found: part_of(found.label) is part)


def only(copy: CaseCopy, wanted: Callable[[Field], bool]) -> CaseCopy:
    """Keep the fields that are wanted, and what still holds one."""
    sections = []
    for section in copy.sections:
        records = [Record(one.title, tuple(filter(wanted, one.fields))) for one in section.records]
        if kept := tuple(one for one in records if one.fields):
            sections.append(replace(section, records=kept))
    return replace(copy, sections=tuple(sections))


def to_plain(copy: CaseCopy) -> dict[str, Any]:
    """Return a copy as JSON values."""
    return asdict(copy)


def from_plain(plain: dict[str, Any]) -> CaseCopy:
    """Read back what `to_plain` wrote."""
    sections = (
        Section(one["code"], one["title"], tuple(_record(record) for record in one["records"]))
        for one in plain["sections"]
    )
    return CaseCopy(plain["case_id"], plain["reference"], tuple(sections))


def _record(plain: dict[str, Any]) -> Record:
    fields = (Field(**one | {"label": Label(one["label"]) if one["label"] else None}) for one in plain["fields"])
    return Record(plain["title"], tuple(fields))


def together(copies: Iterable[CaseCopy], order: Iterable[str]) -> CaseCopy:
    """Put the parts of one case side by side again, in the order of the sections."""
    first, *others = copies
    records: dict[str, list[Record]] = {}
    titles: dict[str, str] = {}
    for section in (section for copy in (first, *others) for section in copy.sections):
        records.setdefault(section.code, []).extend(section.records)
        titles[section.code] = section.title
    sections = (Section(code, titles[code], tuple(records[code])) for code in order if code in records)
    return replace(first, sections=tuple(sections))


def fields_of(copy: CaseCopy) -> Iterator[Field]:
    """Yield every field, in order."""
    for section in copy.sections:
        for record in section.records:
            yield from record.fields


def change(copy: CaseCopy, turn: Callable[[Field], Field]) -> CaseCopy:
    """Return the copy with each field turned into another."""
    sections = (
        replace(
            section,
            records=tuple(Record(one.title, tuple(turn(found) for found in one.fields)) for one in section.records),
        )
        for section in copy.sections
    )
    return replace(copy, sections=tuple(sections))


def sentences(text: str) -> list[tuple[int, int]]:
    """Cut a text where its sentences end: the places (start, length) that cover all of it."""
    return [
        (found.start(), found.end() - found.start()) for found in _SENTENCE.finditer(text) if found.group().strip()
    ]


def hidden_words(reason: MaskReason) -> str:
    """Return what is written in place of a hidden passage."""
    return f"[passage masqué : {reason.label}]"


def apply(text: str, spans: Iterable[Span]) -> str:
    """Write a text with its hidden passages replaced; passages that meet are one."""
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= at:
            parts += [text[at : span.start], span.instead]
        at = max(at, span.end)
    return "".join([*parts, text[at:]])


def fold(text: str) -> str:
    """Return a text of the same length without accents or capitals, to find names in it."""
    return "".join((unicodedata.normalize("NFD", letter)[0].lower() or letter)[0] for letter in text)


def named(text: str, names: Iterable[Name]) -> Iterator[Span]:
    """Find the names in a text: given and family name in either order, or the family name after a civility."""
    folded = fold(text)
    for name in names:
        family, given = fold(name.family), fold(name.given)
        if not family or family not in folded:
            continue
        full = rf"{re.escape(given)}\s+{re.escape(family)}|{re.escape(family)}\s+{re.escape(given)}"
        forms = full if name.alone else rf"{full}|{_CIVILITY}{re.escape(family)}"
        for found in re.finditer(rf"(?<!\w)(?:{forms})(?!\w)", folded):
            yield Span(found.start(), found.end(), name.instead)


def referred(text: str, references: Iterable[str]) -> Iterator[Span]:
    """Find the references of other cases in a text."""
    for reference in references:
        if reference in text:
            for found in re.finditer(rf"(?<!\w){re.escape(reference)}(?!\w)", text):
                yield Span(found.start(), found.end(), "[autre dossier]")


def said_exactly(text: str, words: Iterable[tuple[str, str]]) -> Iterator[Span]:
    """Find words in a text as they are written, each with what is written instead."""
    for wanted, instead in words:
        if wanted and wanted in text:
            for found in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", text):
                yield Span(found.start(), found.end(), instead)
