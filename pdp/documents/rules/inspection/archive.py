"""The ZIP archive of an office document: its table of contents is judged before anything is unpacked."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from pdp.documents.rules.inspection.refusals import Reason, Unfit

MOST_ENTRIES = 1_000
# Unpacked: the whole, one entry, and how many times larger than packed (repetitive XML reaches 100).
_WHOLE, _ENTRY, _RATIO, _SMALL = 120_000_000, 60_000_000, 200, 1_000_000
_PIECE = 65_536


def open_archive(body: bytes) -> zipfile.ZipFile:
    """Return the archive when its table of contents is honest. Raises `Unfit`."""
    try:
        archive = zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError, UnicodeDecodeError, OSError):
        raise Unfit(Reason.DAMAGED) from None
    _check_frame(archive, body)
    entries = archive.infolist()
    if not entries or len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > _WHOLE:
        raise Unfit(Reason.BOMB)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise Unfit(Reason.DAMAGED)
    for entry in entries:
        _check_entry(entry)
    _check_places(entries, len(body))
    return archive


def pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of an entry a piece at a time; its checksum is verified at the end."""
    try:
        with archive.open(entry) as source:
            while piece := source.read(_PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise Unfit(Reason.DAMAGED) from None


def _check_frame(archive: zipfile.ZipFile, body: bytes) -> None:
    """Nothing may stand before the first entry, in a comment, or after the end."""
    if archive.comment:
        raise Unfit(Reason.TRAILING)
    if not body.endswith(b"PK\x05\x06" + body[-18:]):
        raise Unfit(Reason.TRAILING)
    if min((entry.header_offset for entry in archive.infolist()), default=0) != 0:
        raise Unfit(Reason.TRAILING)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.rstrip("/").split("/")
    hidden = any(ord(character) < 32 or character in "\\:" for character in name)
    if hidden or name.startswith("/") or any(part in {"", ".", ".."} for part in parts) or len(name) > 200:
        raise Unfit(Reason.DAMAGED)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unfit(Reason.EMBEDDED)
    if entry.flag_bits & 0x41:
        raise Unfit(Reason.ENCRYPTED)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unfit(Reason.DAMAGED)
    oversized = entry.file_size > _SMALL and entry.file_size > _RATIO * max(entry.compress_size, 1)
    if entry.file_size > _ENTRY or oversized:
        raise Unfit(Reason.BOMB)


def _check_places(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Two entries may not share their bytes: that is how a few kilobytes become terabytes."""
    last = 0
    for entry in sorted(entries, key=lambda found: found.header_offset):
        if entry.header_offset < last:
            raise Unfit(Reason.BOMB)
        last = entry.header_offset + 30 + entry.compress_size
    if last > size:
        raise Unfit(Reason.DAMAGED)
