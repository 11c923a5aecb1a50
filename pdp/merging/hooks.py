"""What features above merging may object: a frozen person, a person under hold. Wired in `pdp.wiring`."""

from collections.abc import Callable, Sequence

# Called inside the transaction with a cellule, a person and the keys of all their cases; answers a French
# sentence when the person may not be merged now, with the next step, or None.
Blocker = Callable[[int, int, Sequence[int]], str | None]
blockers: list[Blocker] = []


def objection(cellule_id: int, person_id: int, case_ids: Sequence[int]) -> str | None:
    """Return the first objection to merging a person."""
    for blocker in blockers:
        if said := blocker(cellule_id, person_id, case_ids):
            return said
    return None
