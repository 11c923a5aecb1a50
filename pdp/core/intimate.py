"""Words that tell of the body or of private life, found in a text while it is typed: a warning, never a block.

The list is `seeds/reference/intimate_words.yaml`; the page reads the same one (`static/js/wording.js`). Matching is by
whole words, deaf to accents and case; a star stands for any ending; turns of the trade are set aside first.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from pdp.core.resources import data_dir

# Beyond, nobody reads a list of words.
MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """A word found, as it was typed, and the family that it belongs to."""

    word: str
    family: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The reviewed list: words by family, and the turns in which they tell nothing."""

    families: tuple[tuple[str, tuple[str, ...]], ...]
    exceptions: tuple[str, ...]


def fold(text: str) -> str:
    """Return a text of the same length in lower case, without accents, apostrophes and hyphens made alike."""
    return "".join(map(_fold_sign, text))


def find(text: str, lexicon: Lexicon) -> tuple[Hit, ...]:
    """Return the words of the list that a text holds, in their order, each once."""
    folded = _without(fold(text), lexicon.exceptions)
    found: dict[str, tuple[int, Hit]] = {}
    for label, words in lexicon.families:
        for match in _pattern(words).finditer(folded):
            typed = text[match.start() : match.end()]
            found.setdefault(fold(typed), (match.start(), Hit(typed, label)))
    return tuple(hit for _, hit in sorted(found.values(), key=lambda each: each[0]))


# What a found word calls for, said after it on every page.
ADVICE = (
    "Ce texte peut être imprimé et envoyé. Gardez ce dont la décision a besoin, dites l’effet sur le poste plutôt "
    "que la cause."
)


def told(text: str, lexicon: Lexicon) -> str:
    """Return the words found and their families, as a sentence; empty when nothing is found."""
    hits = find(text, lexicon)
    if not hits:
        return ""
    words = ", ".join(f"«\u00a0{hit.word}\u00a0»" for hit in hits[:MOST_SHOWN])
    families = ", ".join(dict.fromkeys(hit.family for hit in hits))
    return f"{words}{', …' if len(hits) > MOST_SHOWN else ''}\u00a0: {families}. "


def to_plain(lexicon: Lexicon) -> dict[str, Any]:
    """Return the list as the page reads it: already folded."""
    return {
        "families": [{"label": label, "words": [fold(word) for word in words]} for label, words in lexicon.families],
        "except": [fold(turn) for turn in lexicon.exceptions],
        "most": MOST_SHOWN,
    }


@cache
def read_lexicon() -> Lexicon:
    """Return the reviewed list of `seeds/reference`."""
    path = data_dir("seeds") / "reference" / "intimate_words.yaml"
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    families = tuple((str(each["label"]), tuple(map(str, each["words"]))) for each in plain["families"])
    return Lexicon(families, tuple(map(str, plain["except"])))


def _fold_sign(sign: str) -> str:
    if sign in "’ʼ'":
        return "'"
    if sign in "-‐‑\u00a0\u202f\n\t":
        return " "
    if sign in "œŒ":
        # Two letters would move all that follows: this one stands for both, in the list as in the text.
        return "œ"
    plain = unicodedata.normalize("NFKD", sign.lower())
    return plain[0] if plain and not unicodedata.combining(plain[0]) else sign


def _without(folded: str, turns: Iterable[str]) -> str:
    """Blank out the turns of the trade, without moving anything."""
    return _turns(tuple(turns)).sub(lambda match: "\0" * len(match[0]), folded)


@cache
def _turns(turns: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first: « pension d’invalidité » before « invalidité ».
    ordered = sorted({fold(turn) for turn in turns}, key=lambda turn: (-len(turn), turn))
    return _whole(ordered)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    return _whole(ordered)


def _whole(words: list[str]) -> re.Pattern[str]:
    # A turn that ends with an apostrophe goes on into the next word.
    escaped = (
        re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") + ("" if word.endswith("'") else r"(?!\w)")
        for word in words
    )
    return re.compile(r"(?<!\w)(?:" + "|".join(escaped) + ")")
