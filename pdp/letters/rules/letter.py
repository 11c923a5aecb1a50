"""What a letter says, as one plain value: its files are made from it, the same bytes each time."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from pdp.core import french
from pdp.core.french import NBSP

_GAP = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: who writes, to whom, about what, and its paragraphs. Texts only, never a template."""

    cellule: str
    caisse: str
    recipient: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    place_and_date: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    closing: str
    signed_as: str
    signed_by: str
    made_at: str
    fictitious: bool = False

    @property
    def made(self) -> datetime:
        """Return when it was produced, in UTC."""
        return datetime.fromisoformat(self.made_at)

    @property
    def title(self) -> str:
        """Return the title of the file: its own reference, and nothing about anybody."""
        return f"Courrier {dict(self.references)[OWN_REFERENCE]}"


OWN_REFERENCE = "Courrier"


def dated(day: date) -> str:
    """Return the line of the date as letters have it."""
    return f"Le {french.day(day)}"


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text: an empty line parts them."""
    return tuple(part.strip() for part in _GAP.split(text.strip()) if part.strip())


def to_plain(letter: Letter) -> dict[str, Any]:
    """Return what is stored of a letter."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(letter)))
    return plain


def from_plain(plain: dict[str, Any]) -> Letter:
    """Return a stored letter."""
    pairs = tuple((str(term), str(value)) for term, value in plain["references"])
    return Letter(
        **plain
        | {"recipient": tuple(plain["recipient"]), "paragraphs": tuple(plain["paragraphs"]), "references": pairs}
    )


def content_hash(letter: Letter) -> str:
    """Return the SHA-256 of what a letter says."""
    canonical = json.dumps(to_plain(letter), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def says_the_same(one: Letter, other: Letter) -> bool:
    """Tell whether two letters differ by their number and their instant only."""
    return _without_number(one) == _without_number(other)


def file_name(letter: Letter, extension: str) -> str:
    """Return the name of a file: the letter's own reference, nobody's name."""
    return f"courrier-{dict(letter.references)[OWN_REFERENCE]}.{extension}"


def closing_line() -> str:
    """Return the plain end of an administrative letter."""
    return "Nous vous prions d’agréer, Madame, Monsieur, l’expression de nos salutations distinguées."


def footer(letter: Letter) -> str:
    """Return the line at the foot of each page."""
    return f"{letter.cellule}, {letter.caisse}{NBSP}· courrier {dict(letter.references)[OWN_REFERENCE]}"


def _without_number(letter: Letter) -> Letter:
    kept = tuple(pair for pair in letter.references if pair[0] != OWN_REFERENCE)
    return replace(letter, references=kept, made_at="")
