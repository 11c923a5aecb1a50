"""Encrypted cells and blind indexes: what the database alone must never reveal.

Layout of a stored value: `v2 | key id | nonce | ciphertext`, AES-256-GCM. The additional data are the
header, the table and column, the cellule and the row's public id: a value pasted into another row,
column or cellule does not decrypt. `v1` values, bound to their column only, are read until
`pdp keys rotate` has sealed them again. Keys come from the environment or a file, never the database.

A blind index must stay the same when values are sealed again under a newer key, or a number would no
longer be found: it has its own key, derived from the key that `Keyring.index` names, which
`pdp keys rotate` leaves alone.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_COLUMN_BOUND, _CELL_BOUND = b"\x01", b"\x02"
_NONCE = 12
_TAG = 16
HEADER = 2


class KeyUnavailable(RuntimeError):
    """No usable key: the product refuses to read or write a protected column."""


class Tampered(RuntimeError):
    """A stored value does not open in this place: altered, cut, or taken from another row."""


@dataclass(frozen=True)
class Keyring:
    """The master keys by id (1–255); the one named `current` encrypts, all decrypt.

    `index` names the key of the blind indexes; the lowest one when it is None.
    """

    keys: dict[int, bytes]
    current: int
    index: int | None = None

    @property
    def index_id(self) -> int:
        """Return the id of the key that blind indexes are derived from."""
        return min(self.keys) if self.index is None else self.index

    def derive(self, key_id: int, purpose: str) -> bytes:
        """Derive 32 bytes for one purpose, so that no key serves two."""
        if key_id not in self.keys:
            raise KeyUnavailable(f"unknown key id {key_id}")
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.keys[key_id])


@dataclass(frozen=True, slots=True)
class Place:
    """Where an encrypted value lives: `column` is `table.column`."""

    column: str
    cellule_id: int
    public_id: str

    @property
    def words(self) -> bytes:
        """Return the place as additional data; no part can run into the next one."""
        return "\x1f".join((self.column, str(self.cellule_id), self.public_id)).encode()


_ring: list[Keyring] = []


def load(ring: Keyring) -> None:
    """Install the keys of this process."""
    for key in ring.keys.values():
        if len(key) < 32:
            raise KeyUnavailable("an encryption key has fewer than 32 bytes")
    _ring[:] = [ring]


def ring() -> Keyring:
    """Return the installed keys; refuse when none is."""
    if not _ring:
        raise KeyUnavailable("no encryption key is loaded")
    return _ring[0]


def header(key_id: int) -> bytes:
    """Return the first bytes of every value sealed today under a key."""
    return _CELL_BOUND + bytes([key_id])


def encrypt(text: str, place: Place) -> bytes:
    """Encrypt `text` for one cell, under the current key."""
    keys, nonce = ring(), os.urandom(_NONCE)
    head = header(keys.current)
    cipher = AESGCM(keys.derive(keys.current, "cell"))
    return head + nonce + cipher.encrypt(nonce, text.encode(), head + place.words)


def decrypt(stored: bytes, place: Place) -> str:
    """Decrypt the value of a cell. Raises `Tampered` when it was not written for this cell."""
    layout, rest = stored[:1], stored[HEADER:]
    if layout not in {_COLUMN_BOUND, _CELL_BOUND} or len(rest) < _NONCE + _TAG:
        raise Tampered(f"unknown layout of an encrypted value in {place.column}")
    bound = layout == _CELL_BOUND
    key = ring().derive(stored[1], "cell" if bound else "column")
    aad = stored[:HEADER] + place.words if bound else place.column.encode()
    try:
        return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], aad).decode()
    except InvalidTag:
        raise Tampered(f"an encrypted value of {place.column} does not open in its row") from None


def blind_index(canonical: str, column: str) -> str:
    """Return a keyed fingerprint for exact search, without revealing the value."""
    key = ring().derive(ring().index_id, f"blind:{column}")
    digest = hmac.new(key, canonical.encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
