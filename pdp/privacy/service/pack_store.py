"""The sealed file of a pack as it is stored: under our key, on top of the person's passphrase."""

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pdp.audit import service as audit
from pdp.core import clock, crypto
from pdp.core.crypto import Tampered
from pdp.privacy.models import AccessPack
from pdp.privacy.queries import pack as queries

_NONCE = 12
_PURPOSE = "access-pack"


def keep(pack: AccessPack, body: bytes) -> None:
    """Store the file of a pack in its row."""
    key_id = crypto.ring().current
    nonce = os.urandom(_NONCE)
    cipher = AESGCM(crypto.ring().derive(key_id, _PURPOSE))
    pack.body, pack.key_id, pack.size = nonce + cipher.encrypt(nonce, body, _place(pack)), key_id, len(body)


def open_body(pack: AccessPack) -> bytes:
    """Return the file, which the person's passphrase still closes. Raises `Tampered`."""
    if pack.body is None or pack.key_id is None:
        raise Tampered("the pack holds no file")
    try:
        cipher = AESGCM(crypto.ring().derive(pack.key_id, _PURPOSE))
        return cipher.decrypt(pack.body[:_NONCE], pack.body[_NONCE:], _place(pack))
    except InvalidTag:
        raise Tampered(f"the file of the pack {pack.id} does not open in its row") from None


def destroy(pack: AccessPack) -> None:
    """Empty the file of a pack, and what was released for it; who made it, and when, stays."""
    pack.body, pack.key_id, pack.size, pack.expires_on = None, None, None, None
    pack.destroyed_at = clock.now()
    for part in queries.list_parts(pack):
        part.content = None


def _place(pack: AccessPack) -> bytes:
    return "\x1f".join(("access_pack", str(pack.cellule_id), pack.public_id)).encode()


class StoredPacks:
    """The stored files, as the rotation of keys sees them (`pdp.keys.listeners.Holder`)."""

    name = "access_pack.body"

    def count(self, cellule_id: int) -> Mapping[int, int]:
        """Return the number of files by key id."""
        return queries.count_by_key(cellule_id)

    def reseal(self, cellule_id: int, limit: int) -> int:
        """Seal a batch again, in the transaction under way."""
        current = crypto.ring().current
        rows = queries.list_of_other_keys(current, cellule_id, min(limit, 20))
        for row in rows:
            keep(row, open_body(row))
        if rows:
            audit.record(None, "pack.reseal", count=len(rows), key=current)
        return len(rows)
