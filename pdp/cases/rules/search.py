"""What a search term looks for: a reference, a social-security number or a name."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_REFERENCE = re.compile(r"^20\d\d(-\d{0,6})?$")
_NUMBER = re.compile(r"^[12378]\d{4}(\d\d|2[AB])\d{6}(\d\d)?$")


class SearchKind(StrEnum):
    """What the term looks like; the journal keeps this word, never the term."""

    REFERENCE = "reference"
    NIR = "nir"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Search:
    """A term understood: `words` are the reference, the number, or the words of a name."""

    kind: SearchKind
    words: tuple[str, ...]


def fold(text: str) -> str:
    """Return the text in lower case without accents, any other sign turned into one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def search_key(family_name: str, given_name: str) -> str:
    """Return the stored key that names are searched in."""
    return fold(f"{family_name} {given_name}")


def understand(term: str) -> Search | None:
    """Return what the term looks for; None when it holds nothing to look for."""
    packed = re.sub(r"[\s.]", "", term).upper()
    if _REFERENCE.match(packed):
        return Search(SearchKind.REFERENCE, (packed,))
    if _NUMBER.match(packed):
        return Search(SearchKind.NIR, (packed,))
    words = tuple(fold(term).split())
    return Search(SearchKind.NAME, words) if words else None
