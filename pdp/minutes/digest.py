"""What a version holds, point by point: its heading and the labels of its texts. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pdp.policy.labels import LABEL_NAMES, Label


@dataclass(frozen=True, slots=True)
class PointContent:
    """A point of a version: its heading as printed, and what it speaks of, in the order of the access matrix."""

    title: str
    labels: tuple[str, ...]


def points_of(content: dict[str, Any]) -> tuple[PointContent, ...]:
    """Return the points of a document, from its stored form."""
    return tuple(
        PointContent(_title(block), _labels(block)) for block in content["blocks"] if block["type"] == "Point"
    )


def _title(point: dict[str, Any]) -> str:
    heading = next((block for block in point["blocks"] if block["type"] == "Heading"), None)
    if heading is None:
        return ""
    # The chip of a status is a picture of its own: the labels say that the version holds it.
    texts = [
        "".join(segment["text"] for segment in heading[part] if not segment["look"].startswith("chip"))
        for part in ("line", "aside")
    ]
    return " · ".join(filter(None, texts))


def _labels(point: dict[str, Any]) -> tuple[str, ...]:
    held = {Label(word) for word in _words(point)}
    return tuple(LABEL_NAMES[label] for label in Label if label in held)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _words(part)
    elif isinstance(value, dict):
        if value.get("type") == "Segment":
            mark = value["mark"]
            yield from filter(None, (mark["label"], *mark["also"]))
            return
        for part in value.values():
            yield from _words(part)
