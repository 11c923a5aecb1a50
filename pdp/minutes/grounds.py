"""What a partner's version rests on: the cases that it speaks of, and the labels it holds of each. Pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from pdp.minutes.readers import readers
from pdp.minutes.recipients import OWN_LABELS
from pdp.policy.labels import Label
from pdp.policy.visibility import CaseFacts


def cases_of(content: Any) -> Mapping[str, frozenset[Label]]:
    """Return the labels held of each case, by the case's public id, from the stored form of a document.

    Labels that a partner reads only where they are its own rest on the case, not on an agreed label.
    """
    found: dict[str, set[Label]] = {}
    for mark in _marks(content):
        if mark["case"] is not None:
            labels = {Label(word) for word in (mark["label"], *mark["also"]) if word}
            found.setdefault(mark["case"], set()).update(labels - OWN_LABELS)
    return {case: frozenset(labels) for case, labels in found.items()}


def without_cases(content: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """Return a document without the points that speak of these cases, in its stored form."""
    if not hidden:
        return content
    return content | {"blocks": [block for block in content["blocks"] if not cases_of(block).keys() & set(hidden)]}


def still_open(content: Any, organisation_id: int, kind: str, facts: Mapping[str, CaseFacts], today: date) -> bool:
    """Tell whether every sharing that a version rests on is in force today.

    One withdrawal, one end of a period or one closed case shuts the whole version on the site: the paper
    already sent stays with the partner, but nothing is served again from an agreement that has ended.
    """
    return all(
        _covers(organisation_id, kind, facts.get(case), labels, today) for case, labels in cases_of(content).items()
    )


def _covers(organisation_id: int, kind: str, case: CaseFacts | None, labels: frozenset[Label], today: date) -> bool:
    if case is None:
        return False
    readable = readers(organisation_id, kind, case, (today,))
    return bool(readable) and labels <= readable


def _marks(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for part in value:
            yield from _marks(part)
    elif isinstance(value, dict):
        if value.get("type") == "Mark":
            yield value
        for part in value.values():
            yield from _marks(part)
