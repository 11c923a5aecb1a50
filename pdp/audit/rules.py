"""How an entry, an anchor and a certificate are written down and sealed: the same on every engine."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

# The purposes that the keys are derived for: no key serves two.
JOURNAL_KEY = "journal"
ANCHOR_KEY = "journal.anchor"
CERTIFICATE_KEY = "journal.certificate"

FIELDS = (
    "at",
    "cellule_id",
    "user_id",
    "organisation_id",
    "role",
    "action",
    "case_id",
    "object_kind",
    "object_id",
    "request_id",
    "refused",
    "detail",
)


def written(values: object) -> bytes:
    """Write values down in the one way that is sealed: JSON, keys sorted, instants in UTC microseconds."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_instant)
    return text.encode()


def entry_body(cellule_key: int, month: str, sequence: int, entry: Mapping[str, Any]) -> bytes:
    """Write an entry down with its place in the chain, so that it can be neither changed nor moved."""
    return written([cellule_key, month, sequence, *(entry[name] for name in FIELDS)])


def certificate_body(
    cellule_key: int, month: str, *, sealed: bool, count: int, last_seal: str, destroyed_at: datetime
) -> bytes:
    """Write down what a certificate of destruction says: which segment, how many entries, the last seal, when."""
    return written([cellule_key, month, sealed, count, last_seal, destroyed_at])


def mac(key: bytes, body: bytes, previous: str = "") -> str:
    """Seal a body after the one before it (HMAC-SHA256, hexadecimal)."""
    return hmac.new(key, previous.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def same(first: str | None, second: str) -> bool:
    """Compare two seals in constant time."""
    return first is not None and hmac.compare_digest(first.encode(), second.encode())


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} cannot be sealed")
