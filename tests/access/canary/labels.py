"""The label of every column, written by hand in `labels.csv`: never read from the product's own table."""

import csv
import importlib
import pkgutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import JSON, Column, Date, LargeBinary, String

import pdp
from pdp.core.db import Base


class Fill(StrEnum):
    """With what a column is filled, so that it is recognised where it comes out."""

    TOKEN = "token"
    DATE = "date"
    NUMBER = "number"
    NIR = "nir"
    # Texts inside a JSON column, placed one by one where the world is built.
    JSON = "json"
    # A word of a list, a code, a status: too common to be recognised.
    WORD = "word"
    # Made by the product from other columns, which are recognised in it.
    DERIVED = "derived"


@dataclass(frozen=True)
class Line:
    """A line of the table. `@label` as a label: the row itself says it."""

    table: str
    column: str
    label: str
    fill: Fill
    note: str


def _read() -> dict[tuple[str, str], Line]:
    with (Path(__file__).parent / "labels.csv").open(encoding="utf-8", newline="") as source:
        rows = [
            Line(row["table"], row["column"], row["label"], Fill(row["fill"]), row["note"])
            for row in csv.DictReader(source)
        ]
    found = {(row.table, row.column): row for row in rows}
    assert len(found) == len(rows), "a column has two lines in labels.csv"
    return found


def _know_every_table() -> None:
    """Import the models of every feature, those that nothing else imported yet included."""
    for module in pkgutil.walk_packages(pdp.__path__, "pdp."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


_know_every_table()
LINES = _read()
# Columns that never hold anything about a person: keys, and the day or the hour of a technical act.
_KEYS = ("id", "public_id", "version")


def is_text(column: "Column[object]") -> bool:
    """Tell whether a column can hold a sentence, hence needs a line in the table."""
    if column.name in _KEYS or column.foreign_keys:
        return False
    return isinstance(column.type, String | JSON | LargeBinary) or (
        getattr(column.type, "impl", None) is not None and isinstance(column.type.impl, String | LargeBinary)
    )


def text_columns() -> list[tuple[str, str]]:
    """Return every column of every table that needs a line."""
    return [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if is_text(column)
    ]


def date_columns() -> list[tuple[str, str]]:
    """Return every column that holds a local date."""
    return [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Date)
    ]
