"""Office files are archives that note the time of writing: written again, the same bytes each time."""

import io
import zipfile
from datetime import datetime

_UNPACKED_FIRST = "mimetype"


def stable_archive(archive: bytes, at: datetime) -> bytes:
    """Return the archive with one date for all its parts, and `mimetype` first and plain (OpenDocument)."""
    moment = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, 0)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(target, "w") as written:
        for name in sorted(source.namelist(), key=lambda name: (name != _UNPACKED_FIRST, name)):
            entry = zipfile.ZipInfo(name, date_time=moment)
            entry.compress_type = zipfile.ZIP_STORED if name == _UNPACKED_FIRST else zipfile.ZIP_DEFLATED
            written.writestr(entry, source.read(name))
    return target.getvalue()
