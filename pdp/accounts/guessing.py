"""How much of a password is left to guess once everything that is tried first is taken out of it. Pure.

What counts as one thing to guess: a word that everybody knows or that is about the person, a run of the
keyboard, of the alphabet or of digits, a year or a date, a block that repeats. The rest counts letter by letter;
a digit, one of ten only, counts for half, and signs count once they are more than a decoration.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from pdp.core.resources import data_dir

# Below this many things to guess, or this many different letters, a password is refused.
ENOUGH = 8
ENOUGH_DIFFERENT = 7

_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "aqwzsxedcrfvtgbyhnujikolpm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1a2z3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
# However many known words are put end to end, and a sign or two after them, little is left to guess.
_MOST_THINGS = 3
_DECORATION = 2
_SHORTEST_RUN = 4
_SHORTEST_WORD = 4
_YEAR = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d|(?:19|20)\d\d")
_SAME = re.compile(r"(.)\1{2,}")
_BLOCK = re.compile(r"(.{2,}?)\1+")
_LOOKALIKES = str.maketrans("@40135$7!€", "aaoiesstie")
# What stands for something already counted; no folded text holds it.
_ONE = "\x00"


def left_to_guess(password: str, about: Collection[str] = ()) -> float:
    """Return how many things remain to guess; `about` holds texts that name the person and where they work."""
    own = {word for text in about for word in _words(text)}
    known = sorted(_common() | own, key=lambda word: (-len(word), word))
    folded = _fold(password)
    return min(_count(folded, known), _count(folded.translate(_LOOKALIKES), known))


def is_guessable(password: str, about: Collection[str] = ()) -> bool:
    """Tell whether a password would fall to someone who tries what people choose."""
    return len(set(_fold(password))) < ENOUGH_DIFFERENT or left_to_guess(password, about) < ENOUGH


def _count(text: str, known: Collection[str]) -> float:
    signs = len({character for character in text if not character.isalnum() and not character.isspace()})
    text = "".join(character for character in text if character.isalnum())
    for word in known:
        text = text.replace(word, _ONE)
    text = _YEAR.sub(_ONE, text)
    text = _without_runs(text)
    text = _BLOCK.sub(lambda found: found[1], _SAME.sub(_ONE, text))
    digits, things = sum(map(str.isdigit, text)), text.count(_ONE)
    letters = len(text) - digits - things
    return letters + digits / 2 + min(things, _MOST_THINGS) + max(signs - _DECORATION, 0)


def _without_runs(text: str) -> str:
    for run in _RUNS:
        for line in (run, run[::-1]):
            for length in range(len(line), _SHORTEST_RUN - 1, -1):
                for start in range(len(line) - length + 1):
                    text = text.replace(line[start : start + length], _ONE)
    return text


def _words(text: str) -> set[str]:
    """Return the words of a text, and the whole of it written in one word."""
    parts = re.findall(r"[a-z0-9]+", _fold(text.partition("@")[0] if "@" in text else text))
    whole = "".join(parts)
    return {word for word in (*parts, whole) if len(word) >= _SHORTEST_WORD}


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = (data_dir("seeds") / "reference" / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_fold(line) for line in lines if line and not line.startswith("#"))
