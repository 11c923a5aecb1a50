"""What other features tell of the installation's health: counts and instants only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Outbox(Protocol):
    """The mails of the installation: how many wait, since when the oldest; sent and failed in seven days."""

    @property
    def way_out(self) -> bool: ...

    @property
    def waiting(self) -> int: ...

    @property
    def oldest(self) -> datetime | None: ...

    @property
    def sent(self) -> int: ...

    @property
    def failed(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Empty:
    way_out: bool = False
    waiting: int = 0
    oldest: datetime | None = None
    sent: int = 0
    failed: int = 0


outbox: list[Callable[[], Outbox]] = []


def read_outbox() -> Outbox:
    """Ask how the mails do."""
    return outbox[0]() if outbox else _Empty()
