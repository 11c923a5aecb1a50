"""Encrypted columns and blind indexes: what the database alone must never reveal.

Layout of a stored value: `v1 | key id | nonce | ciphertext`, AES-256-GCM, the column's name as
additional data so that a value cannot be moved to another column. Keys come from the environment or
a file, never the database; the blind index has its own key.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

_VERSION = b"\x01"
_NONCE = 12


class KeyUnavailable(RuntimeError):
    """No usable key: the product refuses to read or write a protected column."""


@dataclass(frozen=True)
class Keyring:
    """The master keys by id (1–255); the one named `current` encrypts, all decrypt."""

    keys: dict[int, bytes]
    current: int

    def derive(self, key_id: int, purpose: str) -> bytes:
        """Derive 32 bytes for one purpose, so that no key serves two."""
        if key_id not in self.keys:
            raise KeyUnavailable(f"unknown key id {key_id}")
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.keys[key_id])


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


def encrypt(text: str, column: str) -> bytes:
    """Encrypt `text` for `column` under the current key."""
    keys = ring()
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(keys.derive(keys.current, "column")).encrypt(nonce, text.encode(), column.encode())
    return _VERSION + bytes([keys.current]) + nonce + sealed


def decrypt(stored: bytes, column: str) -> str:
    """Decrypt a value written by `encrypt` for the same column."""
    if stored[:1] != _VERSION:
        raise KeyUnavailable("unknown layout of an encrypted value")
    key = ring().derive(stored[1], "column")
    return AESGCM(key).decrypt(stored[2 : 2 + _NONCE], stored[2 + _NONCE :], column.encode()).decode()


def blind_index(canonical: str, column: str) -> str:
    """Return a keyed fingerprint for exact search, without revealing the value."""
    key = ring().derive(min(ring().keys), f"blind:{column}")
    digest = hmac.new(key, canonical.encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class EncryptedText(TypeDecorator[str]):
    """A text column stored encrypted; it can be neither searched nor sorted."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else encrypt(value, self.column)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(bytes(value), self.column)
