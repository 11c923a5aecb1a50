"""How an item may be put to the members, and what it is tied to."""

from dataclasses import dataclass

from pdp.accounts.enums import BallotMode
from pdp.meetings.enums import OpinionCode


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """Another item of the same case in the same séance."""

    item: str
    position: int
    name: str
    opinion: OpinionCode | None


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of voting on an item. `not_yet` says why it may not be put to the vote now.

    `proposable` are the opinions that the chair may propose without a vote; `linked` the alternatives of the
    item, `siblings` the other items of its case that could be declared as such.
    """

    default: BallotMode
    proposable: tuple[OpinionCode, ...]
    linked: tuple[LinkedItem, ...]
    siblings: tuple[LinkedItem, ...]
    not_yet: str
