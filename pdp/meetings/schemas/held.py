"""Rows of what an opinion holds: a text, who answers for it, by when. Each row has names of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields

from pdp.meetings.rules.conditions import HeldLine
from pdp.web.forms import FrenchDate, Line, Paragraphs

# More rows than any opinion has conditions.
MOST = 12
_TEXT, _OWNER, _DUE = Paragraphs(), Line(max_length=40), FrenchDate()


def row_names(name: str) -> Iterator[tuple[str, str, str]]:
    """Return the names of the three fields of each row, in order."""
    for number in range(1, MOST + 1):
        suffix = "" if number == 1 else f"_{number}"
        yield f"{name}{suffix}", f"{name}_owner{suffix}", f"{name}_due{suffix}"


def gather_rows(data: Mapping[str, Any], name: str) -> list[tuple[str, str, str]]:
    """Return the rows typed; one without text counts for nothing."""
    rows = (tuple(str(data.get(each) or "") for each in names) for names in row_names(name))
    return [(text, owner, due) for text, owner, due in rows if text.strip()]


class HeldLines(fields.Field[Sequence[HeldLine]]):
    """The rows gathered; a text of several lines makes several, with the same owner and date."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> tuple[HeldLine, ...]:
        found: list[HeldLine] = []
        for text, owner, due in value:
            due_on = _DUE.deserialize(due) if due.strip() else None
            held_by = _OWNER.deserialize(owner)
            found += (
                HeldLine(line.strip(), held_by, due_on)
                for line in _TEXT.deserialize(text).splitlines()
                if line.strip()
            )
        if len(found) > MOST:
            raise ValidationError(f"{MOST} réserves au plus.")
        return tuple(found)
