"""The parts of a Word document that python-docx has no words for, as small functions on its XML."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def node(tag: str, **attributes: object) -> BaseOxmlElement:
    """Return an element of the `w` namespace with its attributes."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element


def border_paragraph(paragraph: Paragraph, side: str, kind: str, size: int, colour: str, space: int = 4) -> None:
    """Draw a rule above or below a paragraph; `size` in eighths of a point, `space` in points."""
    borders = node("pBdr")
    borders.append(node(side, val=kind, sz=size, space=space, color=colour))
    if side == "bottom":
        # Paragraphs with the same border share one frame: this is the rule between them.
        borders.append(node("between", val=kind, sz=size, space=space, color=colour))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders,
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"),
    )


def border_run(run: Run, colour: str) -> None:
    """Draw a frame around a run."""
    run._r.get_or_add_rPr().append(node("bdr", val="single", sz=8, space=0, color=colour))


def shade_run(run: Run, colour: str) -> None:
    """Fill the background of a run."""
    run._r.get_or_add_rPr().append(node("shd", val="clear", color="auto", fill=colour))


def border_cell(cell: _Cell, kind: str, size: int, colour: str, sides: tuple[str, ...]) -> None:
    """Draw the borders of a cell; `size` in eighths of a point."""
    borders = node("tcBorders")
    for side in sides:
        borders.append(node(side, val=kind, sz=size, space=0, color=colour))
    cell._tc.get_or_add_tcPr().append(borders)


def pad_cell(cell: _Cell, vertical: int, horizontal: int) -> None:
    """Set the inner margins of a cell, in twentieths of a point."""
    margins = node("tcMar")
    for side, width in (("top", vertical), ("left", horizontal), ("bottom", vertical), ("right", horizontal)):
        margins.append(node(side, w=width, type="dxa"))
    cell._tc.get_or_add_tcPr().append(margins)


def describe_table(table: Table, caption: str) -> None:
    """Name a table for screen readers."""
    properties = table._tbl.tblPr
    properties.append(node("tblCaption", val=caption))


def flush_table(table: Table) -> None:
    """Align the text of a table with the margin: no cell margin at the left."""
    margins = node("tblCellMar")
    margins.append(node("left", w=0, type="dxa"))
    margins.append(node("right", w=100, type="dxa"))
    properties = table._tbl.tblPr
    properties.insert(list(properties).index(properties.find(qn("w:tblLook"))), margins)


def fix_layout(table: Table, widths: list[int]) -> None:
    """Give a table its column widths, in English Metric Units, whatever it holds."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def repeat_header(table: Table) -> None:
    """Repeat the first row on each page."""
    table.rows[0]._tr.get_or_add_trPr().append(node("tblHeader"))


def keep_rows_whole(table: Table) -> None:
    """Never break a row over two pages."""
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, node("cantSplit"))


def add_field(paragraph: Paragraph, code: str) -> None:
    """Add a field (PAGE, NUMPAGES) that the word processor computes."""
    for part in (
        node("fldChar", fldCharType="begin"),
        node("instrText"),
        node("fldChar", fldCharType="separate"),
        node("t"),
        node("fldChar", fldCharType="end"),
    ):
        if part.tag == qn("w:instrText"):
            part.text = f" {code} "
        if part.tag == qn("w:t"):
            part.text = "1"
        run = paragraph.add_run()
        run.bold = True
        run._r.append(part)
