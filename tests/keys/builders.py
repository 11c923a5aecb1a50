"""The proof of the key that the tests seal with."""

from pdp.core import clock, crypto
from pdp.core.crypto import Place
from pdp.keys.models import KeyCheck
from tests.support.databases import as_owner
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Keep the known answer of the current key, once for the whole database."""
    ring = crypto.ring()
    with as_owner() as session:
        if session.query(KeyCheck).count():
            return
        answer = crypto.encrypt("cellule-pdp: the key that this database was sealed with", _place(ring.current))
        session.add(KeyCheck(key_id=ring.current, answer=answer, keys_index=True, added_at=clock.now()))


def _place(key_id: int) -> Place:
    return Place("key_check.answer", 0, str(key_id))
