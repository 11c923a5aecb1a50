"""What this feature asks of those above it: who a person is today, how to reach them, which cases they may see."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select

from pdp.core.scope import Scope
from pdp.notifications.enums import Family, Pace
from pdp.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person whose account is active: their address, and what they are in the cellule today."""

    address: str
    actors: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person is to be told: the pace of each family, whether they are away, who sits in their place."""

    paces: Mapping[Family, Pace] = field(default_factory=dict)
    absent: bool = False
    stand_ins: tuple[int, ...] = ()

    def pace(self, family: Family) -> Pace:
        """Return the pace of a family."""
        return self.paces.get(family, Pace.DIGEST)


@dataclass(frozen=True, slots=True)
class Directory:
    """The four questions, each asked again at the moment of showing or sending.

    `find_recipient(user, cellule)` answers None for an account closed or without any membership today.
    `find_reach(cellule, users)` answers for each of the users, and for those who stand in for them.
    `open_cases(actor)` selects the key and the reference of each case that the actor may see today.
    `list_scopes()` answers one scope per cellule, for the job that serves them in turn.
    """

    find_recipient: Callable[[int, int], Recipient | None]
    find_reach: Callable[[int, Collection[int]], Mapping[int, Reach]]
    open_cases: Callable[[Actor], Select[int, str]]
    list_scopes: Callable[[], Sequence[Scope]]


_installed: list[Directory] = []


def install(directory: Directory) -> None:
    """Make `directory` the one that this process asks."""
    _installed[:] = [directory]


def installed() -> Directory:
    """Return the directory; a programming error when none was installed."""
    if not _installed:
        raise RuntimeError("no directory of recipients is installed")
    return _installed[0]
