"""Who listens to whom: a lower feature offers a list, a higher one adds a function of its own to it.

Called once per process, when the database is opened; calling it again changes nothing.
"""

from typing import TypeVar

Listener = TypeVar("Listener")


def connect() -> None:
    """Put every listener in its list."""


def _add(listeners: list[Listener], listener: Listener) -> None:
    if listener not in listeners:
        listeners.append(listener)
