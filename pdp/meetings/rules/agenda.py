"""Order of the agenda: moves and neighbours. An item is named by its key."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The items before and after one, and its rank from 1."""

    rank: int
    previous: int | None
    following: int | None


def moved(order: Sequence[int], item: int, position: int) -> tuple[int, ...]:
    """Return the order with `item` at `position`, counted from 1; beyond an end means that end."""
    others = [key for key in order if key != item]
    at = min(max(position, 1), len(order)) - 1
    return (*others[:at], item, *others[at:])


def neighbours(order: Sequence[int], item: int) -> Neighbours:
    """Return what comes before and after `item`."""
    at = order.index(item)
    before = order[at - 1] if at > 0 else None
    after = order[at + 1] if at + 1 < len(order) else None
    return Neighbours(at + 1, before, after)


def next_to_treat(order: Sequence[int], done: frozenset[int], after: int | None = None) -> int | None:
    """Return the first item still without an opinion, looking after `after` first, then from the start."""
    start = order.index(after) + 1 if after in order else 0
    ahead = (*order[start:], *order[:start])
    return next((key for key in ahead if key not in done and key != after), None)
