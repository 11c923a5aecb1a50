"""How one trait of two records compares: identical, close, different or unknown, and why in French.

« Close » is what a hurried hand makes of the same word: accents, hyphens, order, one letter. It proves nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from pdp.cases.rules.search import fold
from pdp.merging.enums import Likeness

_PARTICLES = frozenset({"d", "de", "des", "du", "l", "la", "le", "les", "van", "von", "der", "den", "el", "al", "ben"})
# Letters of other alphabets that look like ours: a pasted name may hold them unseen.
_LOOKALIKES = str.maketrans(
    "авеікмнорстухѕјАВЕІКМНОРСТУХЅЈαβεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abeikmhopctyxsjABEIKMHOPCTYXSJabeiknoptuxABEZHIKMNOPTYX",
)
_SIGNS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "\u00a0": " ", "\u202f": " "})
_TOWN_WORDS = {"st": "saint", "ste": "sainte", "s": "sur"}
_SHORTEST_TYPO = 4


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two values compare, and in a few words why."""

    likeness: Likeness
    why: str = ""


IDENTICAL = Comparison(Likeness.IDENTICAL)
UNKNOWN = Comparison(Likeness.UNKNOWN, "inconnu d’un côté au moins")
DIFFERENT = Comparison(Likeness.DIFFERENT)


def compare_names(left: str, right: str) -> Comparison:
    """Compare two family names or two given names."""
    if not left.strip() or not right.strip():
        return UNKNOWN
    if _same_signs(left) == _same_signs(right):
        return IDENTICAL
    one, other = fold(left), fold(right)
    if one and one == other:
        return _close("aux accents et traits d’union près")
    if fold(left.translate(_LOOKALIKES)) == fold(right.translate(_LOOKALIKES)):
        return _close("des lettres d’un autre alphabet se ressemblent")
    # A name in another alphabet has no word of ours: it is another one unless it is written alike.
    return _compare_words(one.split(), other.split()) if one and other else DIFFERENT


def compare_towns(left: str, right: str) -> Comparison:
    """Compare two communes; a commune may change, it is the weakest trait."""
    one, other = _town(left), _town(right)
    if not one or not other:
        return UNKNOWN
    if _same_signs(left) == _same_signs(right):
        return IDENTICAL
    if one == other:
        return _close("à l’écriture près")
    if set(one) <= set(other) or set(other) <= set(one):
        return _close("l’une complète l’autre")
    return _close("une lettre d’écart") if _one_slip("".join(one), "".join(other)) else DIFFERENT


def compare_dates(left: date, right: date) -> Comparison:
    """Compare two birth dates."""
    if left == right:
        return IDENTICAL
    if left.year == right.year and (left.day, left.month) == (right.month, right.day):
        return _close("jour et mois inversés")
    pairs = zip(f"{left:%d%m%Y}", f"{right:%d%m%Y}", strict=True)
    if sum(a != b for a, b in pairs) == 1:
        return _close("un chiffre d’écart")
    return Comparison(Likeness.DIFFERENT, "deux dates différentes")


def compare_numbers(left: str | None, right: str | None) -> Comparison:
    """Compare two social-security numbers; nothing of the numbers is said."""
    if left is None or right is None:
        nobody = left is None and right is None
        return Comparison(Likeness.UNKNOWN, "inconnu des deux côtés" if nobody else "inconnu d’un côté")
    if left == right:
        return Comparison(Likeness.IDENTICAL, "connu et identique")
    return Comparison(Likeness.DIFFERENT, "connus et différents")


def _close(why: str) -> Comparison:
    return Comparison(Likeness.CLOSE, why)


def _same_signs(text: str) -> str:
    """Return the text without what no reader tells apart: case, spaces, kinds of apostrophe and hyphen."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SIGNS).casefold().split())


def _compare_words(one: list[str], other: list[str]) -> Comparison:
    if sorted(one) == sorted(other):
        return _close("les mots dans un autre ordre")
    if "".join(one) == "".join(other):
        return _close("aux espaces près")
    bare_one, bare_other = _bare(one), _bare(other)
    if bare_one and bare_one == bare_other:
        return _close("à la particule près")
    if bare_one and bare_other and (bare_one <= bare_other or bare_other <= bare_one):
        return _close("un nom composé contient l’autre")
    if _initial(one, other) or _initial(other, one):
        return _close("une initiale")
    return _close("une lettre d’écart") if _one_slip("".join(one), "".join(other)) else DIFFERENT


def _bare(words: list[str]) -> frozenset[str]:
    return frozenset(word for word in words if word not in _PARTICLES)


def _initial(short: list[str], whole: list[str]) -> bool:
    return [word[:1] for word in whole] == short


def _one_slip(one: str, other: str) -> bool:
    """Tell whether one letter was added, left out, replaced, or swapped with its neighbour."""
    if min(len(one), len(other)) < _SHORTEST_TYPO or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        wrong = [place for place in range(len(one)) if one[place] != other[place]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
        return len(wrong) == 1
    short, long = sorted((one, other), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def _town(text: str) -> list[str]:
    """Return the words of a commune, without its postal code, its district and CEDEX."""
    words = [_TOWN_WORDS.get(word, word) for word in fold(text).split()]
    return [word for word in words if word != "cedex" and not re.fullmatch(r"\d+(e|er|eme)?", word)]
