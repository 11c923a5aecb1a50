"""The bytes of files: hashed with a key of the case, sealed, and checked again when they come out.

A plain hash would tell that two cases hold the same file, or that a case holds a file one already has.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.core import crypto, db
from pdp.core.crypto import Tampered
from pdp.core.db import Scope
from pdp.documents import queries
from pdp.documents.models import DocumentBody

_NONCE = 12


def digest_of(cellule_id: int, case_id: int, body: bytes) -> str:
    """Return the keyed hash of a file in one case, in hexadecimal."""
    ring = crypto.ring()
    key = ring.derive(ring.index_id, f"document-digest:{cellule_id}:{case_id}")
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def keep(case: Case, body: bytes) -> DocumentBody:
    """Store a file of a case once; the case must be locked, so that two senders do not meet."""
    digest = digest_of(case.cellule_id, case.id, body)
    found = queries.find_body(case, digest)
    if found is not None:
        return found
    key_id = crypto.ring().current
    row = DocumentBody(
        cellule_id=case.cellule_id,
        case_id=case.id,
        digest=digest,
        key_id=key_id,
        sealed=_seal(body, key_id, _place(case.cellule_id, case.id, digest)),
    )
    db.session().add(row)
    db.session().flush()
    return row


def open_body(row: DocumentBody) -> bytes:
    """Return the file. Raises `Tampered` when it is not what was stored, byte for byte, for this case."""
    key = crypto.ring().derive(row.key_id, "document-body")
    try:
        body = AESGCM(key).decrypt(
            row.sealed[:_NONCE], row.sealed[_NONCE:], _place(row.cellule_id, row.case_id, row.digest)
        )
    except InvalidTag:
        raise Tampered(f"the stored file {row.id} does not open in its case") from None
    if not hmac.compare_digest(digest_of(row.cellule_id, row.case_id, body), row.digest):
        raise Tampered(f"the stored file {row.id} is not the one that was hashed")
    return body


def destroy(row: DocumentBody) -> None:
    """Empty a stored file that nobody may open any more; the row stays, the application's role deletes none."""
    row.sealed, row.digest = b"", f"destroyed:{row.id}"


def reseal(scope: Scope, limit: int = 20) -> int:
    """Seal up to `limit` files of a cellule again under the current key; return how many, 0 when all are.

    May be stopped and run again at any time: each call is one transaction.
    """
    with db.transaction(scope):
        current = crypto.ring().current
        rows = queries.list_bodies_of_other_keys(current, scope.cellule_id, limit)
        for row in rows:
            row.sealed = _seal(open_body(row), current, _place(row.cellule_id, row.case_id, row.digest))
            row.key_id = current
        if rows:
            audit.record(None, "document.reseal", count=len(rows), key=current)
    return len(rows)


def _place(cellule_id: int, case_id: int, digest: str) -> bytes:
    return "\x1f".join(("document_body", str(cellule_id), str(case_id), digest)).encode()


def _seal(body: bytes, key_id: int, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(crypto.ring().derive(key_id, "document-body")).encrypt(nonce, body, place)
