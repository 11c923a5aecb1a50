"""Fill every row on its way to the database with values of a mint, whoever writes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.access.canary.labels import LINES, Fill, Line
from tests.access.canary.tokens import Mint


@contextmanager
def filling(mint: Mint) -> Iterator[None]:
    """Fill the columns of every new row as `labels.csv` says."""

    def fill(session: Session, _context: Any, _instances: Any) -> None:
        for row in session.new:
            for line in LINES.values():
                if line.table == row.__tablename__:
                    _fill(mint, row, line)

    event.listen(Session, "before_flush", fill)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", fill)


def label_of(line: Line, row: Any) -> str:
    """Return the label of a column in a row; `@label` is answered by the row."""
    return str(getattr(row, line.label[1:])) if line.label.startswith("@") else line.label


def _fill(mint: Mint, row: Any, line: Line) -> None:
    label = label_of(line, row)
    if line.fill is Fill.TOKEN:
        value: Any = mint.token(row, line.column, label)
        if line.column == "email":
            value = f"{value}@example.org"
    elif line.fill is Fill.DATE:
        value = mint.day(row, line.column, label)
    elif line.fill is Fill.NUMBER:
        value = mint.number(row, line.column, label)
    elif line.fill is Fill.NIR:
        value = mint.nir(row, line.column, label)
    else:
        return
    setattr(row, line.column, value)
