"""A passkey device in software, written from the standard: keys of `cryptography`, bytes laid out by hand."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
HOST, ORIGIN = "localhost", "http://localhost"


def b64(value: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Return the bytes of a base64url text."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One passkey. What it says may be altered field by field, to be refused."""

    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: bytes = b""
    count: int = 0

    def make(
        self,
        options: dict[str, Any],
        *,
        host: str = HOST,
        origin: str = ORIGIN,
        flags: int = PRESENT | VERIFIED,
        type_: str = "webauthn.create",
        challenge: str | None = None,
    ) -> str:
        """Answer the options of a registration."""
        self.user_handle = unb64(options["user"]["id"])
        data = self._data(host, flags | ATTESTED) + bytes(16) + struct.pack(">H", len(self.credential_id))
        data += self.credential_id + self._cose()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = _client(type_, options["challenge"] if challenge is None else challenge, origin)
        response = {"clientDataJSON": b64(client), "attestationObject": b64(attestation), "transports": ["internal"]}
        return json.dumps(self._credential(response))

    def use(
        self,
        options: dict[str, Any],
        *,
        host: str = HOST,
        origin: str = ORIGIN,
        flags: int = PRESENT | VERIFIED,
        type_: str = "webauthn.get",
        challenge: str | None = None,
        user_handle: bytes | None = None,
        cross_origin: bool = False,
    ) -> dict[str, Any]:
        """Answer the options of a use; the count goes up by one."""
        self.count += 1
        data = self._data(host, flags)
        client = _client(
            type_, options["challenge"] if challenge is None else challenge, origin, cross_origin=cross_origin
        )
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        handle = self.user_handle if user_handle is None else user_handle
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(signature),
            "userHandle": b64(handle) if handle else None,
        }
        return self._credential(response)

    def public_key(self) -> bytes:
        """Return the public half of the key, as a server keeps it."""
        return self._cose()

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _cose(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = b64(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _client(type_: str, challenge: str, origin: str, *, cross_origin: bool = False) -> bytes:
    said = {"type": type_, "challenge": challenge, "origin": origin, "crossOrigin": cross_origin}
    return json.dumps(said, separators=(",", ":")).encode()
