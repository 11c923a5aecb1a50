"""Who else keeps values sealed under our keys, besides the encrypted columns (files, for instance)."""

from collections.abc import Mapping
from typing import Protocol


class Holder(Protocol):
    """A store of sealed values that `pdp keys` counts and seals again. Wired in `pdp.wiring`.

    Both methods run inside a transaction of the cellule. `reseal` seals at most `limit` values again
    under the current key and returns how many it did: zero means that none is left.
    """

    name: str

    def count(self, cellule_id: int) -> Mapping[int, int]:
        """Return the number of values by key id."""
        ...

    def reseal(self, cellule_id: int, limit: int) -> int:
        """Seal a batch again."""
        ...


holders: list[Holder] = []
