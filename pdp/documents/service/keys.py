"""The stored files, as the rotation of keys sees them (`pdp.keys.listeners.Holder`)."""

from collections.abc import Mapping

from pdp.core.scope import Upkeep
from pdp.documents import queries
from pdp.documents.service import store


class StoredFiles:
    """The sealed bodies of pieces: counted by key, sealed again by batches."""

    name = "document_body.sealed"

    def count(self, cellule_id: int) -> Mapping[int, int]:
        """Return the number of files by key id; an emptied one needs no key."""
        return queries.count_bodies_by_key(cellule_id)

    def reseal(self, cellule_id: int, limit: int) -> int:
        """Seal a batch again, in the transaction under way."""
        return store.reseal(Upkeep(cellule_id), min(limit, 20))
