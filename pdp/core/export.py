"""Tables that leave the system: XLSX and CSV where a text is always a text, never a formula.

A spreadsheet runs what begins like a formula, and the text may come from anyone. In XLSX every text is
written as a text cell, and one that looks like a formula also gets Excel's « quote prefix », so that it
stays a text when someone edits it. CSV has no types: there a text that looks like a formula begins with
a middle dot. An apostrophe would do in Excel alone and is often hidden; a space or a tab is skipped
before the formula is run; the dot is seen, starts no formula anywhere and comes off by one rule.

Nothing is cut: a cell longer than a spreadsheet accepts goes on in the next row. What cannot be shown
is made visible. Properties of the file name nobody, and the same table gives the same bytes.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

from pdp.core.french import NBSP

Cell = str | int | Decimal | date | None

# Excel counts in UTF-16 units, and accepts 32,767 of them; the mark of a continuation fits beside.
LONGEST_TEXT = 32_000
CONTINUED = "[suite] "
# Beyond, a spreadsheet rounds: a number that long is an identifier, to be given as a text.
_LARGEST_NUMBER = 10**15
_DOT = "\u00b7"
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b"
_LIKE_A_FORMULA = re.compile(rf"[\s{_DOT}\ufeff]*[{_SIGNS}]|{_DOT}*[\t\r\n]")
_MADE_BEFORE_ANYONE = datetime(2020, 1, 1)  # noqa: DTZ001 - a fixed mark in the file, not an instant.


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to hand out. `notes` stand above it: who took it out, when, why.

    Columns and title are written by the code; texts of people are in the rows only.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has not as many cells as there are columns")


def to_xlsx(sheet: Sheet) -> bytes:
    """Return the table as an Excel workbook of one sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as workbook:
        workbook.set_properties({"title": sheet.title, "created": _MADE_BEFORE_ANYONE})
        _Writer(workbook, sheet).write()
    return file.getvalue()


def to_csv(sheet: Sheet) -> bytes:
    """Return the table as French spreadsheets read it: UTF-8 with its mark, semicolons, every cell quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for note in sheet.notes:
        writer.writerow([_csv_cell(note)])
    writer.writerow([_csv_cell(column) for column in sheet.columns])
    for row in _split_rows(sheet.rows):
        writer.writerow([_csv_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def looks_like_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run a text instead of showing it."""
    return _LIKE_A_FORMULA.match(text) is not None


def make_visible(text: str) -> str:
    """Return a text that any file may hold: line ends as « \\n », other control characters in letters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_name(character) if _is_hidden(character) else character for character in text)


def _is_hidden(character: str) -> bool:
    if character in "\n\t":
        return False
    # Joiners serve real words; marks that turn the direction of a line serve to deceive.
    turns = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return turns or unicodedata.category(character) in {"Cc", "Cs"} or ord(character) & 0xFFFE == 0xFFFE


def _name(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def _split_rows(rows: Sequence[Sequence[Cell]]) -> Iterator[list[Cell]]:
    """Yield the rows, each followed by as many more as its longest cell needs."""
    for row in rows:
        pieces = [_pieces(cell) for cell in row]
        for number in range(max((len(parts) for parts in pieces), default=1)):
            yield [parts[number] if number < len(parts) else None for parts in pieces]


def _pieces(cell: Cell) -> list[Cell]:
    if not isinstance(cell, str):
        return [cell]
    text = make_visible(cell)
    size = LONGEST_TEXT // 2 if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT else LONGEST_TEXT
    parts = [text[at : at + size] for at in range(0, len(text), size)] or [""]
    return [parts[0], *(CONTINUED + part for part in parts[1:])]


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        text = make_visible(cell)
        return _DOT + text if looks_like_a_formula(text) else text
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(_checked(cell)).replace(".", ",")


def _checked(number: int | Decimal) -> int | Decimal:
    if not -_LARGEST_NUMBER < number < _LARGEST_NUMBER:
        raise ValueError("a number this long is an identifier: export it as a text")
    return number


_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
}


class _Writer:
    """One sheet: the notes, the head of the table frozen and repeated in print, then the rows."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: Sheet) -> None:
        self.page = workbook.add_worksheet(sheet.title)
        self.sheet = sheet
        self.plain = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.quoted = workbook.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.note = workbook.add_format({"italic": True})
        self.day = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})

    def write(self) -> None:
        """Write everything."""
        for line, note in enumerate(self.sheet.notes):
            self._text(line, 0, note, self.note)
        head = len(self.sheet.notes)
        for column, title in enumerate(self.sheet.columns):
            self._text(head, column, title, self.head)
        for line, row in enumerate(_split_rows(self.sheet.rows), start=head + 1):
            for column, cell in enumerate(row):
                self._cell(line, column, cell)
        self._lay_out(head)

    def _lay_out(self, head: int) -> None:
        self.page.freeze_panes(head + 1, 0)
        self.page.repeat_rows(0, head)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_footer(f"&RPage{NBSP}&P sur &N")
        for column, title in enumerate(self.sheet.columns):
            self.page.set_column(column, column, max(14, min(40, len(title) + 4)))

    def _cell(self, line: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            self._text(line, column, cell, self.quoted if looks_like_a_formula(cell) else self.plain)
        elif isinstance(cell, date):
            self.page.write_datetime(line, column, cell, self.day)
        elif cell is not None:
            self.page.write_number(line, column, _checked(cell), self.plain)

    def _text(self, line: int, column: int, text: str, look: object) -> None:
        # The library answers a refusal by a number and goes on: a lost cell must be an error.
        if self.page.write_string(line, column, make_visible(text), look) != 0:
            raise ValueError("a cell does not fit in the sheet")
