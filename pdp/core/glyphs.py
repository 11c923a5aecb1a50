"""Which characters the shipped fonts can print.

PDF/A forbids a missing glyph, and typst then refuses the whole document: one rare character typed
in séance must not keep the minutes from being printed. Such a character is printed as its code.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FORMAT_SEGMENTS = 4
_FORMAT_GROUPS = 12
# Forbidden in PDF/A although a font may draw them: private use, and the noncharacters.
_REFUSED_CATEGORIES = frozenset({"Co", "Cn"})
# Refused too, and without ink: the mark that some editors leave at the start of a pasted text.
_BYTE_ORDER_MARK = "\ufeff"


def printable_text(text: str, fonts: Path) -> str:
    """Return the text with each character that no font of the folder draws replaced by its code."""
    if text.isascii():
        return text.replace("\t", " ")
    covered = covered_characters(fonts)
    return "".join(_printable(character, covered) for character in text)


def _printable(character: str, covered: frozenset[int]) -> str:
    if character == "\t":
        return " "
    if character == _BYTE_ORDER_MARK:
        return ""
    if character in "\n\r":
        return character
    if ord(character) in covered and unicodedata.category(character) not in _REFUSED_CATEGORIES:
        return character
    return f"[U+{ord(character):04X}]"


@cache
def covered_characters(fonts: Path) -> frozenset[int]:
    """Return the code points that at least one font of the folder has a glyph for."""
    return frozenset(code for path in sorted(fonts.glob("*.ttf")) for code in _code_points(path.read_bytes()))


def _code_points(font: bytes) -> Iterator[int]:
    table = _table(font, b"cmap")
    for index in range(struct.unpack_from(">H", font, table + 2)[0]):
        _, _, offset = struct.unpack_from(">HHL", font, table + 4 + 8 * index)
        start = table + offset
        kind = struct.unpack_from(">H", font, start)[0]
        if kind == _FORMAT_SEGMENTS:
            yield from _segments(font, start)
        elif kind == _FORMAT_GROUPS:
            yield from _groups(font, start)


def _table(font: bytes, name: bytes) -> int:
    """Return where a table of the font file begins (OpenType specification, table directory)."""
    for index in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == name:
            return int(offset)
    raise ValueError(f"no {name.decode()} table in this font")


def _segments(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            yield from range(first, last + 1)


def _groups(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">L", font, start + 12)[0]
    for index in range(count):
        first, last, _ = struct.unpack_from(">LLL", font, start + 16 + 12 * index)
        yield from range(first, last + 1)
