"""From bytes to a format that is kept: sniffed, then checked to its last byte."""

from collections.abc import Callable
from dataclasses import dataclass

from pdp.documents.enums import MediaType
from pdp.documents.rules.inspection import jpeg, names, office, pdf, png, text
from pdp.documents.rules.inspection.refusals import Reason, Unfit

MEGABYTE = 1_000_000
LARGEST = 10 * MEGABYTE

# What each check returns is what is kept: photos lose the place and the device that their metadata tell.
_CHECKS: dict[MediaType, Callable[[bytes], bytes]] = {
    MediaType.PDF: pdf.check,
    MediaType.PNG: png.check,
    MediaType.JPEG: jpeg.check,
    MediaType.DOCX: office.check_docx,
    MediaType.ODT: office.check_odt,
    MediaType.TEXT: text.check,
}
_MAGIC: tuple[tuple[bytes, MediaType], ...] = (
    (b"%PDF-", MediaType.PDF),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
)
_ZIP = b"PK\x03\x04"
# The tail of a ZIP archive, where its readers look for it: nothing but an archive may have one.
_ZIP_END, _ZIP_END_REACH = b"PK\x05\x06", 65_557


@dataclass(frozen=True, slots=True)
class Fit:
    """A file that may be kept: its format, and its bytes without what they needlessly told."""

    media: MediaType
    body: bytes


def inspect(body: bytes, file_name: str, *, largest: int = LARGEST) -> Fit:
    """Return what to keep of a file of at most `largest` bytes. Raises `Unfit`."""
    if not body:
        raise Unfit(Reason.EMPTY)
    if len(body) > largest:
        raise Unfit(Reason.TOO_LARGE)
    announced = names.declared(file_name)
    found = sniff(body)
    if found is None:
        raise Unfit(Reason.FORMAT)
    if announced is not found:
        raise Unfit(Reason.FORMAT if announced is None else Reason.ENDING)
    return Fit(found, _CHECKS[found](body))


def sniff(body: bytes) -> MediaType | None:
    """Return the format whose signature stands at the very first byte; a text has none, and is tried last."""
    if body.startswith(_ZIP):
        return office.kind_of(body)
    found = next((media for magic, media in _MAGIC if body.startswith(magic)), None)
    if _ZIP_END in body[-_ZIP_END_REACH:] and _closes_an_archive(body):
        raise Unfit(Reason.TRAILING)
    return found or (MediaType.TEXT if text.looks_like_text(body) else None)


def _closes_an_archive(body: bytes) -> bool:
    tail = body[-_ZIP_END_REACH:]
    at = tail.rfind(_ZIP_END)
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return at + 22 + comment >= len(tail) - 64
