"""The canonical bytes of a document: what is hashed, stored and read back."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pdp.minutes import document as model
from pdp.minutes.document import Document
from pdp.minutes.enums import OpinionCode
from pdp.policy.labels import Label

_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        model.Document,
        model.Meta,
        model.Mark,
        model.Segment,
        model.Heading,
        model.Paragraph,
        model.Column,
        model.Table,
        model.Definition,
        model.Vote,
        model.Votes,
        model.OpinionBox,
        model.Signature,
        model.Signatures,
        model.Together,
        model.Point,
    )
}
_READERS: dict[str, Any] = {
    "label": Label,
    "also": lambda labels: tuple(Label(label) for label in labels),
    "look": model.Look,
    "code": OpinionCode,
    "held_on": date.fromisoformat,
    "composed_at": datetime.fromisoformat,
}


def canonical_json(document: Document) -> bytes:
    """Return the document as UTF-8 JSON, always the same bytes for the same content."""
    plain = to_plain(document)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_hash(document: Document) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def read_canonical(data: bytes) -> Document:
    """Read back what `canonical_json` wrote, so that a stored version can be rendered again."""
    return from_plain(json.loads(data))


def to_plain(value: object) -> Any:
    """Turn a document, or a part of it, into JSON values; each object says its own type."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        plain = {entry.name: to_plain(getattr(value, entry.name)) for entry in fields(value)}
        return {"type": type(value).__name__, **plain}
    return value


def from_plain(plain: dict[str, Any]) -> Document:
    """Turn the JSON values of `to_plain` back into the document."""
    document = _read(plain)
    if not isinstance(document, Document):
        raise TypeError("Ce fichier ne contient pas un procès-verbal.")
    return document


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(part) for part in value)
    if isinstance(value, dict):
        entries = {name: _read_entry(name, part) for name, part in value.items() if name != "type"}
        return _TYPES[value["type"]](**entries)
    return value


def _read_entry(name: str, value: Any) -> Any:
    reader = _READERS.get(name)
    return reader(value) if reader and value is not None else _read(value)
