"""Ask an antivirus about a file. Whatever is not a clear answer is no answer: the file stays closed.

`PDP_SCANNER` names it: `clamd://host:3310`, `clamd:///run/clamav/clamd.ctl`, or `off`, which an
installation must write to say that it has none. Left empty, nothing is ever declared clean.
"""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

_PIECE = 65_536
_ANSWER = 4_096


class Verdict(StrEnum):
    """What is known of a file once the antivirus was asked."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"


class Scanner(Protocol):
    """Something that can be asked. `name` is what the administrator reads, in French."""

    @property
    def name(self) -> str: ...

    def scan(self, body: bytes) -> Verdict:
        """Return what it says of a file; `UNKNOWN` for want of a clear answer. Never raises."""
        ...

    def answers(self) -> bool:
        """Tell whether it answers at all."""
        ...


@dataclass(frozen=True, slots=True)
class NoScanner:
    """No antivirus was named: nothing is clean."""

    name: str = "aucun antivirus n’est réglé"

    def scan(self, body: bytes) -> Verdict:
        """Answer that nobody knows."""
        return Verdict.UNKNOWN

    def answers(self) -> bool:
        """Answer no."""
        return False


@dataclass(frozen=True, slots=True)
class ScannerOff:
    """The installation says that it has no antivirus: its own choice, shown to its administrator."""

    name: str = "pas d’antivirus (choix de l’installation)"

    def scan(self, body: bytes) -> Verdict:
        """Let every file pass."""
        return Verdict.CLEAN

    def answers(self) -> bool:
        """Answer yes: there is nobody to wait for."""
        return True


@dataclass(frozen=True, slots=True)
class Clamd:
    """A clamd spoken to by its own protocol (INSTREAM), on TCP or on a local socket.

    `seconds` bounds the whole conversation, so that a slow answer is no answer.
    """

    address: tuple[str, int] | str
    seconds: float = 15.0

    @property
    def name(self) -> str:
        """Return how the administrator knows it."""
        where = self.address if isinstance(self.address, str) else f"{self.address[0]}:{self.address[1]}"
        return f"clamd, {where}"

    def scan(self, body: bytes) -> Verdict:
        """Send the file and read the answer."""
        answer = self._ask(b"zINSTREAM\0", _framed(body))
        if answer == b"stream: OK":
            return Verdict.CLEAN
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            return Verdict.INFECTED
        return Verdict.UNKNOWN

    def answers(self) -> bool:
        """Tell whether it answers a greeting."""
        return self._ask(b"zPING\0", iter(())) == b"PONG"

    def _ask(self, command: bytes, pieces: Iterator[bytes]) -> bytes:
        deadline = time.monotonic() + self.seconds
        try:
            with self._connect() as connection:
                connection.sendall(command)
                for piece in pieces:
                    connection.settimeout(_left(deadline))
                    connection.sendall(piece)
                return _read_answer(connection, deadline)
        except (OSError, ValueError):
            return b""

    def _connect(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, self.seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.seconds)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _framed(body: bytes) -> Iterator[bytes]:
    """Yield the file in pieces, each after its length, then the empty one that ends it."""
    for at in range(0, len(body), _PIECE):
        piece = body[at : at + _PIECE]
        yield len(piece).to_bytes(4, "big") + piece
    yield b"\0\0\0\0"


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read_answer(connection: socket.socket, deadline: float) -> bytes:
    """Return one whole answer: cut short or too long, it is none."""
    answer = b""
    while b"\0" not in answer:
        connection.settimeout(_left(deadline))
        piece = connection.recv(_ANSWER)
        if not piece or len(answer) > _ANSWER:
            return b""
        answer += piece
    first, _, rest = answer.partition(b"\0")
    return b"" if rest else first.strip()


def from_setting(text: str) -> Scanner:
    """Return the scanner that a setting names. Raises `ValueError` for any other word."""
    if not text:
        return NoScanner()
    if text == "off":
        return ScannerOff()
    parts = urlsplit(text)
    if parts.scheme != "clamd":
        raise ValueError("PDP_SCANNER: clamd://host:port, clamd:///path/of/socket or off")
    if parts.hostname:
        return Clamd((parts.hostname, parts.port or 3310))
    if not parts.path:
        raise ValueError("PDP_SCANNER: clamd:// names neither a host nor a socket")
    return Clamd(parts.path)


_installed: list[Scanner] = []


def install(scanner: Scanner) -> None:
    """Make `scanner` the one that this process asks."""
    _installed[:] = [scanner]


def installed() -> Scanner:
    """Return the scanner of this process."""
    return _installed[0] if _installed else NoScanner()
