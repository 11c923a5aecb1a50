"""JPEG photos: walked segment by segment, kept without place, date and device."""

from collections.abc import Iterator

from pdp.documents.rules.inspection.png import MOST_PIXELS, WIDEST
from pdp.documents.rules.inspection.refusals import Reason, Unfit
from pdp.documents.rules.inspection.text import carries_markup

_SOI, _EOI, _SOS, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_EXIF = b"Exif\x00\x00"
# A phone may leave its own preview or notes after the photo: they are cut off, not refused.
_CAMERA_TAIL = b"SEFT"


def check(body: bytes) -> bytes:
    """Return the photo without its metadata, but for which side is up. Raises `Unfit`."""
    kept, turned, framed, end = [b"\xff\xd8"], b"", False, 2
    for marker, stop, raw in _segments(body):
        end = stop
        if marker in _FRAMES:
            framed = True
            _check_size(raw)
        if _is_metadata(marker, raw):
            if carries_markup(raw):
                raise Unfit(Reason.MARKUP)
            turned = turned or _orientation(raw)
        else:
            kept.append(raw)
    if not framed:
        raise Unfit(Reason.DAMAGED)
    _check_tail(body[end:])
    return b"".join([kept[0], turned, *kept[1:]])


def _segments(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield marker, end and bytes of each segment up to the end of the image; pixels follow their own."""
    at, scanned = 2, False
    while True:
        if at + 2 > len(body) or body[at] != 0xFF:
            raise Unfit(Reason.DAMAGED)
        marker = body[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _EOI:
            if not scanned:
                raise Unfit(Reason.DAMAGED)
            yield marker, at + 2, body[at : at + 2]
            return
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        if marker in {0x00, 0x01, _SOI} or end > len(body) or end < at + 4:
            raise Unfit(Reason.DAMAGED)
        if marker == _SOS:
            end, scanned = _end_of_scan(body, end), True
        yield marker, end, body[at:end]
        at = end


def _end_of_scan(body: bytes, at: int) -> int:
    """Return where the coded pixels stop: the next marker that is neither stuffing nor a restart."""
    while True:
        at = body.find(b"\xff", at)
        if at < 0 or at + 1 >= len(body):
            raise Unfit(Reason.DAMAGED)
        following = body[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


def _check_size(frame: bytes) -> None:
    height, width = int.from_bytes(frame[5:7], "big"), int.from_bytes(frame[7:9], "big")
    if not width or not height:
        raise Unfit(Reason.DAMAGED)
    if max(width, height) > WIDEST or width * height > MOST_PIXELS:
        raise Unfit(Reason.IMAGE_SIZE)


def _is_metadata(marker: int, raw: bytes) -> bool:
    """Tell whether a segment is neither the image, nor its colours (JFIF, Adobe, ICC)."""
    if marker == _COMMENT:
        return True
    if not 0xE0 <= marker <= 0xEF:
        return False
    colours = marker in {0xE0, 0xEE} or (marker == 0xE2 and raw[4:16] == b"ICC_PROFILE\x00")
    return not colours or carries_markup(raw)


def _orientation(raw: bytes) -> bytes:
    """Return a segment that says only which side is up, when this one does."""
    if raw[4:10] != _EXIF:
        return b""
    tiff = raw[10:]
    order: str = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for index in range(min(number(first, 2), 64)):
        entry = first + 2 + index * 12
        if number(entry, 2) == 0x0112 and 1 <= number(entry + 8, 2) <= 8:
            value = number(entry + 8, 2).to_bytes(2, "big")
            directory = b"\x00\x01" + b"\x01\x12\x00\x03\x00\x00\x00\x01" + value + b"\x00\x00" + b"\x00" * 4
            content = _EXIF + b"MM\x00\x2a\x00\x00\x00\x08" + directory
            return b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
    return b""


def _check_tail(tail: bytes) -> None:
    padding = not tail.strip(b"\x00\r\n ") and len(tail) <= 64
    camera = tail.endswith(_CAMERA_TAIL) or tail.startswith(b"\xff\xd8\xff")
    if not padding and (not camera or carries_markup(tail)):
        raise Unfit(Reason.TRAILING)
