"""Bring together what two people wrote from the same text, paragraph by paragraph. Pure.

A paragraph is a line. What only one of them touched is theirs to say; paragraphs that both added stand one
after the other. When both changed the same paragraph, a person has to choose: until then both texts are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Merge:
    """`text` holds all that was typed; `agreed` is false when a paragraph stands in it twice, each one's way."""

    text: str
    agreed: bool


@dataclass(slots=True)
class _Edit:
    """What became of each base paragraph (None: removed), and what was added before each, and at the end."""

    fates: list[str | None]
    added: list[list[str]] = field(default_factory=list)


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Return what both wrote from `base`; `theirs` comes first where both wrote at the same place."""
    before = base.split("\n") if base else []
    one, other = _edit(before, mine), _edit(before, theirs)
    merged: list[str] = []
    agreed = True
    for place, paragraph in enumerate([*before, None]):
        merged += _both_added(other.added[place], one.added[place])
        if paragraph is None:
            break
        kept, agrees = _fate(paragraph, one.fates[place], other.fates[place])
        merged += kept
        agreed = agreed and agrees
    return Merge("\n".join(merged), agreed)


def _fate(paragraph: str, mine: str | None, theirs: str | None) -> tuple[list[str], bool]:
    """Return what stands for a base paragraph, and whether the two agree on it."""
    if mine in (paragraph, theirs):
        return ([] if theirs is None else [theirs]), True
    if theirs == paragraph:
        return ([] if mine is None else [mine]), True
    return [text for text in (theirs, mine) if text is not None], False


def _both_added(theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Return what both added at one place; the same paragraph is not said twice."""
    if list(mine) == list(theirs):
        return list(theirs)
    return [*theirs, *(text for text in mine if not text or text not in theirs)]


def _edit(before: Sequence[str], text: str) -> _Edit:
    """Read a text as changes of the base paragraphs.

    Where several became several, the first became the first, and so on: someone who corrects the last
    paragraph and writes another has changed one and added one.
    """
    after = text.split("\n") if text else []
    edit = _Edit(list(before), [[] for _ in range(len(before) + 1)])
    for kind, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        written = after[start:end]
        for offset in range(high - low):
            edit.fates[low + offset] = written[offset] if offset < len(written) else None
        edit.added[high] += written[high - low :]
    return edit
