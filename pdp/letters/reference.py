"""The texts and the letters shipped with the product, read once from `seeds/reference`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from pdp.core.resources import data_dir
from pdp.dispositifs.enums import Dispositif
from pdp.letters.enums import LetterKind, TextKind

_LETTER = "courrier-"


@dataclass(frozen=True, slots=True)
class ShippedText:
    """A text as shipped: `code` never changes, and the versions of a cellule hang on it."""

    code: str
    kind: TextKind
    dispositif: Dispositif | None
    title: str
    body: str
    source: str


@cache
def shipped_texts() -> Mapping[str, ShippedText]:
    """Return the texts by code, the sentences first, then the letters, each in the order of its file."""
    sentences = [
        ShippedText(
            code=entry["code"],
            kind=TextKind(entry["kind"]),
            dispositif=Dispositif(entry["dispositif"]) if "dispositif" in entry else None,
            title=entry["title"],
            body=entry["body"].strip(),
            source=entry.get("source", ""),
        )
        for entry in _read("standard_texts.yaml")
    ]
    letters = [
        ShippedText(
            code=code_of(LetterKind(entry["kind"])),
            kind=TextKind.LETTER,
            dispositif=None,
            title=entry["title"],
            body=entry["body"].strip(),
            source="",
        )
        for entry in _read("letters.yaml")
    ]
    return {text.code: text for text in (*sentences, *letters)}


def code_of(kind: LetterKind) -> str:
    """Return the code of the template of a letter."""
    return f"{_LETTER}{kind.value}"


def letter_of(code: str) -> LetterKind | None:
    """Return the letter that a code is the template of; None for a sentence."""
    words = {code_of(kind): kind for kind in LetterKind}
    return words.get(code)


def _read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((data_dir("seeds") / "reference" / name).read_text("utf-8"))
    return entries
