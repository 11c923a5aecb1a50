"""What runs by itself: the jobs of this process, declared in code and installed when the database is opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pdp.operations.rules import Cadence


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work of the installation, without argument, that may be run twice without harm.

    `label` is what a page calls it. After a stop the newest slot missed is run once; with `each`, every one.
    """

    name: str
    label: str
    cadence: Cadence
    run: Callable[[], None]
    each: bool = False


_installed: list[Job] = []


def install(jobs: Sequence[Job]) -> None:
    """Make `jobs` those of this process."""
    _installed[:] = jobs


def installed() -> Sequence[Job]:
    """Return the jobs of this process."""
    return tuple(_installed)
