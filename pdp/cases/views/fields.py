"""From a schema to the fields that a page draws: one label for the form, its errors and a conflict."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from marshmallow import Schema, fields

from pdp.cases.enums import TriState
from pdp.core.enums import Labelled
from pdp.web.filters import date_long
from pdp.web.forms import FrenchDate, Paragraphs


@dataclass(frozen=True, slots=True)
class Field:
    """A field as a page draws it. `kind` is text, tel, email, date, number, textarea, select, tri or check."""

    name: str
    label: str
    hint: str | None
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    empty: str | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people filled differently: raw values to post again, words to read.

    The words come in pieces, each with whether it is in one text only.
    """

    field: Field
    mine: str
    theirs: str
    mine_words: list[tuple[str, bool]]
    theirs_words: list[tuple[str, bool]]


def of(schema: Schema) -> list[Field]:
    """Return the fields of a schema in their order, without those that carry no label."""
    return [_field(name, found) for name, found in schema.fields.items() if "label" in found.metadata]


def labels(found: list[Field]) -> dict[str, str]:
    """Return the label of each field, for the summary of errors."""
    return {field.name: field.label for field in found}


def raw(values: Mapping[str, Any]) -> dict[str, str]:
    """Write stored values as a form posts them."""
    return {name: _raw(value) for name, value in values.items()}


def differences(
    found: list[Field], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[list[Difference], list[Field]]:
    """Part the fields that differ between two sets of values from those that are the same."""
    differing = [field for field in found if _raw(mine.get(field.name)) != _raw(theirs.get(field.name))]
    return [
        Difference(
            field,
            _raw(mine.get(field.name)),
            _raw(theirs.get(field.name)),
            *_marked(field.kind, _words(mine.get(field.name)), _words(theirs.get(field.name))),
        )
        for field in differing
    ], [field for field in found if field not in differing]


def described(found: list[Field], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the label and the words of each value that says something."""
    return [(field.label, _words(values[field.name])) for field in found if values.get(field.name) not in (None, "")]


def _marked(kind: str, mine: str, theirs: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Cut two texts into pieces and mark those that are in one only; other values differ as a whole."""
    if kind not in {"textarea", "text"}:
        return [(mine, False)], [(theirs, False)]
    left, right = re.findall(r"\s+|[^\s]+", mine), re.findall(r"\s+|[^\s]+", theirs)
    own: list[tuple[str, bool]] = []
    other: list[tuple[str, bool]] = []
    for code, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        own.append(("".join(left[a:b]), code != "equal"))
        other.append(("".join(right[c:d]), code != "equal"))
    return [piece for piece in own if piece[0]], [piece for piece in other if piece[0]]


def _field(name: str, found: fields.Field[Any]) -> Field:
    meta = found.metadata
    words: type[Labelled] | None = meta.get("words")
    return Field(
        name=name,
        label=meta["label"],
        hint=meta.get("hint"),
        kind=_kind(found),
        required=found.required,
        options=tuple((member.value, member.label) for member in words) if words else (),
        empty=meta.get("empty") if not found.required else "Choisir…",
        checked=meta.get("checked", False),
    )


def _kind(found: fields.Field[Any]) -> str:
    if found.metadata.get("words") is TriState:
        return "tri"
    kinds: tuple[tuple[type[fields.Field[Any]], str], ...] = (
        (fields.Enum, "select"),
        (FrenchDate, "date"),
        (Paragraphs, "textarea"),
        (fields.Boolean, "check"),
        (fields.Integer, "number"),
    )
    return next((kind for table, kind in kinds if isinstance(found, table)), found.metadata.get("kind", "text"))


def _raw(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _words(value: Any) -> str:
    if value is None or value == "":
        return "(vide)"
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, Labelled):
        return value.label
    return date_long(value) if isinstance(value, date) else str(value)
