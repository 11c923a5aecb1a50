"""Look for words in raw files, in every form that a program would commonly give them."""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

_EMPTY = bytes(64)
CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp1252")


def forms(word: str) -> set[bytes]:
    """Return the byte strings under which a word may hide: charsets, reversed, spaced, hexadecimal, base64."""
    texts = {word, word.replace(" ", ""), word[::-1], word.replace(" ", "")[::-1], word.upper(), word.lower()}
    digits = word.replace(" ", "")
    if digits.isdigit():
        parts = (1, 2, 2, 2, 3, 3, 2)
        texts |= {separator.join(_cut(digits, parts)) for separator in (" ", "\u00a0", ".", "-")}
        texts.add(digits[:13])
    found = {text.encode(charset) for text in texts for charset in CHARSETS}
    found |= {quote(text).encode() for text in texts}
    plain = digits.encode()
    found |= {plain.hex().encode(), plain.hex().upper().encode()}
    # Base64 of a longer text holds the word under one of three shapes, but for its edges.
    found |= {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}
    return found


def _cut(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    start = 0
    for length in lengths:
        yield text[start : start + length]
        start += length


def holding(words: Iterable[str], files: Iterable[Path]) -> dict[str, list[Path]]:
    """Return, for each word, the files that hold it in any of its forms."""
    needles = {word: forms(word) for word in words}
    found: dict[str, list[Path]] = {word: [] for word in needles}
    for path in files:
        # Files are made in advance, full of zeros: no form of a word holds so many of them.
        content = path.read_bytes().replace(_EMPTY, b"")
        for word, shapes in needles.items():
            if any(shape in content for shape in shapes):
                found[word].append(path)
    return found


def megabytes(files: Iterable[Path]) -> float:
    """Return how much was looked at."""
    return sum(path.stat().st_size for path in files) / 1_000_000
