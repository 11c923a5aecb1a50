"""Make a sheet hold on its page: the longest texts are cut first, and say where they go on. Pure."""

import math
import re
from collections.abc import Sequence

from pdp.core.export import make_visible
from pdp.core.french import NBSP

# What a page holds at the size of print, in lines of a text column; each text begins a line of its own.
PAGE_LINES = 66.0
LINE_LENGTH = 84
_BETWEEN = 0.6
_BLANKS = re.compile(r"[ \t\n]+")
_SHORTEST = LINE_LENGTH
GOES_ON = f"… (suite dans le{NBSP}dossier)"


def fit(texts: Sequence[str], lines: float = PAGE_LINES) -> tuple[str, ...]:
    """Return the texts on single lines, cut to the greatest common length with which all hold together.

    A text shorter than that length is left whole. None is cut under one line, whatever their number: the caller
    bounds it.
    """
    plain = [_one_line(text) for text in texts]
    most = max((len(text) for text in plain), default=0)
    while most > _SHORTEST and sum(_lines(min(len(text), most)) for text in plain) > lines:
        most -= LINE_LENGTH // 4
    return tuple(cut(text, max(most, _SHORTEST)) for text in plain)


def cut(text: str, most: int) -> str:
    """Return a text on one line, of at most `most` characters; one that is cut ends at a word and says so."""
    text = _one_line(text)
    if len(text) <= most:
        return text
    room = most - len(GOES_ON)
    kept = text[:room]
    at_word = kept.rpartition(" ")[0]
    return (at_word if len(at_word) > room // 2 else kept).rstrip(" ,;:.") + GOES_ON


def first(texts: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the first texts; what is left out is counted in a last one."""
    if len(texts) <= most:
        return tuple(texts)
    left = len(texts) - most + 1
    return (*texts[: most - 1], f"{left}{NBSP}autres lignes{NBSP}: suite dans le dossier")


def _one_line(text: str) -> str:
    """Return a text without its line ends, and with what cannot be printed made visible."""
    return _BLANKS.sub(" ", make_visible(text)).strip()


def _lines(length: int) -> float:
    return math.ceil(max(length, 1) / LINE_LENGTH) + _BETWEEN
