"""The erasures' file: which cases were erased, kept outside of the database and of its backups.

A backup brings back what was erased after it was made; this file says what to erase again. One JSON line per
case: keys of the database and keyed fingerprints, no name, no reference. Each line is sealed after the one
before it. The file belongs on another disk or host than the database (setting PDP_ERASURES), and is not
restored with it.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pdp.core import crypto

_PURPOSE = "erasures"
_file: list[Path] = []


class ErasuresBroken(RuntimeError):
    """A line of the file was changed or taken out: it says nothing that can be trusted."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A case that was erased. Instants in ISO form; the marks are keyed fingerprints of public ids."""

    at: str
    cellule: int
    case: int
    case_mark: str
    person_mark: str
    last_contact_on: str
    hidden_at: str


def use(path: Path) -> None:
    """Say where the erasures of this installation are written."""
    _file[:] = [path]


def path() -> Path:
    """Return where the erasures are; a programming error when nobody said."""
    if not _file:
        raise RuntimeError("no erasures' file was named")
    return _file[0]


def case_mark(public_id: str) -> str:
    """Return the fingerprint of a case, the same under newer keys."""
    return crypto.blind_index(public_id, "erasure.case")


def person_mark(public_id: str) -> str:
    """Return the fingerprint of a person."""
    return crypto.blind_index(public_id, "erasure.person")


def append(lines: Sequence[Erased]) -> None:
    """Add lines at the end of the file, on the disk when this returns. Raises `ErasuresBroken`, OSError."""
    if not lines:
        return
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("ab+") as file:
        # Two processes may write at once: each line follows the last one of the file.
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        written = file.read()
        whole = written[: written.rfind(b"\n") + 1]
        # A line torn by a power cut is taken away: its case is still to be written.
        file.truncate(len(whole))
        previous = _last_seal(whole)
        key_id = crypto.ring().current
        for line in lines:
            values = asdict(line)
            previous = _seal(key_id, values, previous)
            file.write((json.dumps(values | {"key": key_id, "seal": previous}) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())


def read() -> list[Erased]:
    """Return every line, oldest first; none while nothing was erased. Raises `ErasuresBroken`."""
    if not path().exists():
        return []
    return [line for line, _ in _lines(path().read_bytes())]


def _last_seal(written: bytes) -> str:
    seals = [seal for _, seal in _lines(written)]
    return seals[-1] if seals else ""


def _lines(written: bytes) -> Iterator[tuple[Erased, str]]:
    previous = ""
    for number, text in enumerate(written.decode().splitlines(), start=1):
        try:
            values = json.loads(text)
            key_id, seal = int(values.pop("key")), str(values.pop("seal"))
            line = Erased(**values)
        except (ValueError, TypeError, KeyError):
            raise ErasuresBroken(f"line {number} cannot be read") from None
        if not hmac.compare_digest(seal, _seal(key_id, asdict(line), previous)):
            raise ErasuresBroken(f"the seal of line {number} does not hold")
        previous = seal
        yield line, seal


def _seal(key_id: int, values: dict[str, object], previous: str) -> str:
    body = json.dumps([previous, values], sort_keys=True, separators=(",", ":"))
    return hmac.new(crypto.ring().derive(key_id, _PURPOSE), body.encode(), sha256).hexdigest()
