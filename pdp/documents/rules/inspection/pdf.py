"""PDF files: whole, readable by anyone, and inert."""

import re
import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pikepdf

from pdp.documents.rules.inspection.refusals import Reason, Unfit

_END = b"%%EOF"
_STREAM = re.compile(rb"stream\r?\n")
_FLATES = re.compile(rb"/FlateDecode\s*/FlateDecode|/(?:LZW|RunLength|ASCIIHex|ASCII85)Decode\s*/FlateDecode")
# What the streams of one file may inflate to; and those that a reader opens before any page.
_ALL_STREAMS, _STRUCTURE_STREAM = 250_000_000, 32_000_000
_PIECE = 1 << 20
_MOST_OBJECTS, _DEEPEST = 150_000, 60
_EMBEDDED = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/Collection"})
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent"})
_ACTIVE_NAMES = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound"}
)


def check(body: bytes) -> bytes:
    """Return the same bytes. Raises `Unfit`."""
    end = body.rfind(_END)
    if end < 0:
        raise Unfit(Reason.DAMAGED)
    tail = body[end + len(_END) :]
    if tail.strip(b"\x00\r\n\t ") or len(tail) > 1024:
        raise Unfit(Reason.TRAILING)
    _measure(body)
    try:
        # Without recovery: a file that must be guessed at is read differently by each reader.
        with pikepdf.open(BytesIO(body), attempt_recovery=False, suppress_warnings=True) as opened:
            _check_objects(opened)
    except pikepdf.PasswordError:
        raise Unfit(Reason.ENCRYPTED) from None
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError):
        raise Unfit(Reason.DAMAGED) from None
    return body


def _measure(body: bytes) -> None:
    """Refuse streams that inflate beyond measure, before any reader inflates them."""
    if _FLATES.search(body):
        raise Unfit(Reason.BOMB)
    left = _ALL_STREAMS
    for found in _STREAM.finditer(body):
        head = body[max(0, found.start() - 400) : found.start()]
        head = head[head.rfind(b"obj") + 3 :]
        if b"/FlateDecode" not in head and b"/Fl" not in head:
            continue
        structure = b"/ObjStm" in head or b"/XRef" in head
        allowed = min(left, _STRUCTURE_STREAM) if structure else left
        left -= _inflated(body, found.end(), allowed)


def _inflated(body: bytes, at: int, allowed: int) -> int:
    """Return what the stream that begins at `at` inflates to. Raises `Unfit` past what is allowed."""
    stream, count = zlib.decompressobj(), 0
    data: bytes = body[at : at + _PIECE]
    at += _PIECE
    try:
        while data and not stream.eof:
            count += len(stream.decompress(data, _PIECE))
            if count > allowed:
                raise Unfit(Reason.BOMB)
            data = stream.unconsumed_tail or body[at : at + _PIECE]
            at += 0 if stream.unconsumed_tail else _PIECE
    except zlib.error:
        return count
    return count


def _check_objects(opened: pikepdf.Pdf) -> None:
    if opened.is_encrypted:
        raise Unfit(Reason.ENCRYPTED)
    if len(opened.objects) > _MOST_OBJECTS:
        raise Unfit(Reason.BOMB)
    if not opened.pages:
        raise Unfit(Reason.DAMAGED)
    _check_opening(opened.Root)
    for found in opened.objects:
        _check_object(found)


def _check_opening(root: Any) -> None:
    """Allow a file to open at one of its own pages, and to do nothing else by itself."""
    opening = root.get("/OpenAction")
    if opening is None or isinstance(opening, pikepdf.Array):
        return
    if not isinstance(opening, pikepdf.Dictionary) or opening.get("/S") != "/GoTo" or "/Next" in opening:
        raise Unfit(Reason.ACTIVE)


def _check_object(found: Any) -> None:
    """Look at an object and at what stands inside it; what it refers to is looked at in its turn."""
    pending: list[tuple[Any, int]] = [(found, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > _DEEPEST:
            raise Unfit(Reason.BOMB)
        inside: Iterable[Any] = ()
        if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            keys = set(value.keys())
            _check_keys(value, keys)
            inside = [value.get(key) for key in keys]
        elif isinstance(value, pikepdf.Array):
            inside = value
        pending += [(item, depth + 1) for item in inside if _is_direct(item)]


def _is_direct(value: Any) -> bool:
    compound = isinstance(value, pikepdf.Dictionary | pikepdf.Array)
    return compound and not value.is_indirect


def _check_keys(value: Any, keys: set[str]) -> None:
    if keys & _ACTIVE_KEYS or str(value.get("/S", "")) in _ACTIVE_NAMES:
        raise Unfit(Reason.ACTIVE)
    words = {str(value.get("/Type", "")), str(value.get("/Subtype", ""))}
    if keys & _EMBEDDED or words & (_EMBEDDED | {"/FileAttachment", "/Filespec"}):
        raise Unfit(Reason.EMBEDDED)
    if words & {"/Movie", "/Sound", "/Screen", "/3D"}:
        raise Unfit(Reason.ACTIVE)
