"""Anchors: where each open chain stands, written to a file that the database does not hold.

An HMAC chain alone cannot tell that its tail was cut off or that an older backup came back: the anchors can.
One JSON line per segment that moved; each line is sealed after the one before it, so that none can be taken
out of the middle. The file belongs on another disk or host than the database (setting PDP_ANCHORS).
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pdp.audit import queries, rules
from pdp.core import clock, crypto, db

# The job runs twice within the ten minutes that may pass between two anchors.
EVERY_MINUTES = 5
# More than the longest line.
_TAIL = 4096

_file: list[Path] = []


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line of the file: a segment, the number and seal of its last entry then; `whole`: its own seal holds."""

    number: int
    at: str
    cellule_key: int
    month: str
    sequence: int
    seal: str
    whole: bool


def use(path: Path) -> None:
    """Say where the anchors of this installation are."""
    _file[:] = [path]


def path() -> Path:
    """Return where the anchors are; a programming error when nobody said."""
    if not _file:
        raise RuntimeError("no anchors' file was named")
    return _file[0]


def write() -> int:
    """Append a line for each segment that moved since its last anchor; return how many lines were written."""
    with db.reading(db.INSTALLATION):
        moved = [
            (segment.id, segment.cellule_key, segment.month, segment.last_sequence, segment.last_seal)
            for segment in queries.list_segments()
            if segment.sealed
            and segment.destroyed_at is None
            and (segment.anchored_sequence or 0) < segment.last_sequence
        ]
    if not moved:
        return 0
    now = clock.now()
    _append([[now.isoformat(timespec="seconds"), *place] for _, *place in moved])
    with db.transaction(db.INSTALLATION):
        for segment_id, _, _, sequence, _ in moved:
            queries.mark_anchored(segment_id, sequence, now)
    return len(moved)


def read() -> Iterator[Anchor]:
    """Yield the anchors one by one, oldest first. Raises FileNotFoundError when the file is missing."""
    previous = ""
    with path().open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            values, mac, key_id = _parsed(line)
            whole = values is not None and rules.same(mac, _mac(key_id, values, previous))
            at, cellule_key, month, sequence, seal = values or ("", 0, "", 0, "")
            yield Anchor(number, at, cellule_key, month, sequence, seal, whole)
            previous = mac


def _append(places: list[list[Any]]) -> None:
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("ab+") as file:
        # Two processes may anchor at once: each line follows the last one of the file.
        fcntl.flock(file, fcntl.LOCK_EX)
        previous, key_id = _last_mac(file), crypto.ring().current
        lines = []
        for values in places:
            previous = _mac(key_id, values, previous)
            named = dict(zip(("at", "cellule", "month", "sequence", "seal"), values, strict=True))
            lines.append(json.dumps(named | {"key": key_id, "mac": previous}) + "\n")
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())


def _last_mac(file: BinaryIO) -> str:
    """Return the seal of the last line; a line torn by a power cut is taken away first."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - _TAIL))
    tail = file.read()
    kept = tail.rfind(b"\n") + 1
    file.truncate(start + kept)
    lines = tail[:kept].splitlines()
    return _parsed(lines[-1].decode())[1] if lines else ""


def _mac(key_id: int, values: list[Any], previous: str) -> str:
    if key_id not in crypto.ring().keys:
        return ""
    return rules.mac(crypto.ring().derive(key_id, rules.ANCHOR_KEY), rules.written(values), previous)


def _parsed(line: str) -> tuple[list[Any] | None, str, int]:
    try:
        found = json.loads(line)
        values = [
            str(found["at"]),
            int(found["cellule"]),
            str(found["month"]),
            int(found["sequence"]),
            str(found["seal"]),
        ]
        return values, str(found["mac"]), int(found["key"])
    except (ValueError, TypeError, KeyError):
        return None, "", 0
