"""PNG images: walked chunk by chunk, never decoded into pixels."""

import zlib
from collections.abc import Iterator

from pdp.documents.rules.inspection.refusals import Reason, Unfit

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What is kept: the image itself, its colours and its density. Texts, dates and positions go.
_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD", b"sBIT"})
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
WIDEST, MOST_PIXELS = 20_000, 64_000_000
_PIECE = 65_536


def check(body: bytes) -> bytes:
    """Return the image without its metadata. Raises `Unfit`."""
    kept, inflated = [_SIGNATURE], zlib.decompressobj()
    expected = found = 0
    for number, (kind, data, raw) in enumerate(_chunks(body)):
        if (kind == b"IHDR") != (number == 0):
            raise Unfit(Reason.DAMAGED)
        if kind == b"IHDR":
            expected = _bytes_of_pixels(data)
        elif kind == b"IDAT":
            found += _inflate(inflated, data, expected - found)
        if kind in _KEPT:
            kept.append(raw)
    if not inflated.eof or inflated.unused_data or found < expected // 2:
        raise Unfit(Reason.DAMAGED)
    return b"".join(kept)


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, data and whole chunk, to the last one, which must close the file."""
    at = len(_SIGNATURE)
    while True:
        length = int.from_bytes(body[at : at + 4], "big")
        end = at + 12 + length
        if end > len(body):
            raise Unfit(Reason.DAMAGED)
        kind, data, raw = body[at + 4 : at + 8], body[at + 8 : end - 4], body[at:end]
        if zlib.crc32(raw[4:-4]) != int.from_bytes(raw[-4:], "big"):
            raise Unfit(Reason.DAMAGED)
        yield kind, data, raw
        at = end
        if kind == b"IEND":
            break
    if at != len(body):
        raise Unfit(Reason.TRAILING)


def _bytes_of_pixels(header: bytes) -> int:
    """Return how many bytes the pixels take at most, from the header alone."""
    if len(header) != 13 or header[9] not in _CHANNELS or header[8] not in {1, 2, 4, 8, 16}:
        raise Unfit(Reason.DAMAGED)
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    if not width or not height:
        raise Unfit(Reason.DAMAGED)
    if max(width, height) > WIDEST or width * height > MOST_PIXELS:
        raise Unfit(Reason.IMAGE_SIZE)
    bits = header[8] * _CHANNELS[header[9]]
    # An interlaced image has up to seven passes, each with its own filter bytes and padding.
    passes = 7 if header[12] else 1
    return height * ((width * bits + 7) // 8 + 1) + (passes - 1) * (2 * height + width)


def _inflate(stream: "zlib._Decompress", data: bytes, left: int) -> int:
    """Count what the data inflate to, a piece at a time, and stop past what the header announced."""
    count = 0
    try:
        while data and not stream.eof:
            count += len(stream.decompress(data, _PIECE))
            data = stream.unconsumed_tail
            if count > left:
                raise Unfit(Reason.BOMB)
    except zlib.error:
        raise Unfit(Reason.DAMAGED) from None
    return count
