"""The Word document: real headings, repeated table headers, page numbers, text that can be edited."""

from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from pdp.core.french import NBSP
from pdp.core.office import docx_xml as xml
from pdp.core.office.palette import INK, INK_2, PRUNE, RULE, WHITE
from pdp.core.office.word import saved
from pdp.minutes.document import (
    Block,
    Definition,
    Document,
    Heading,
    Line,
    Look,
    Meta,
    OpinionBox,
    Paragraph,
    Point,
    Segment,
    Signatures,
    Table,
    Together,
    Vote,
    Votes,
)
from pdp.minutes.render import wording
from pdp.minutes.render.docx_page import TERM_WIDTH, TEXT_WIDTH, new_document
from pdp.minutes.render.layout import fits_beside, fits_on_page, opening
from pdp.minutes.render.palette import TONES
from pdp.minutes.serial import content_hash

_SIDES = ("top", "left", "bottom", "right")


def render_docx(document: Document) -> bytes:
    """Return the .docx file, the same bytes each time."""
    word = new_document(document.meta, content_hash(document))
    writer = _Writer(word)
    writer.masthead(document.meta)
    for block in document.blocks:
        writer.block(block)
    return saved(word, document.meta.composed_at)


class _Writer:
    """Writes the blocks at the end of a Word document, one method per kind."""

    def __init__(self, word: Word) -> None:
        self.word = word
        self.ruled = False

    def masthead(self, meta: Meta) -> None:
        first = self.word.add_paragraph()
        first.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        first.add_run(meta.cellule).bold = True
        first.add_run(f", {meta.caisse}")
        number = first.add_run(f"\tN°{NBSP}{meta.number}")
        number.bold, number.font.size = True, Pt(12)
        title = self.word.add_paragraph(meta.title, style="Title")
        # Narrow enough for the title to break before the date.
        title.paragraph_format.right_indent = Mm(68)
        last = self.word.add_paragraph()
        corner = last.add_run(f"{NBSP}· ".join(wording.corner(meta)))
        corner.font.color.rgb = RGBColor.from_string(INK_2)
        last.paragraph_format.space_after = Pt(10)
        xml.border_paragraph(last, "bottom", "single", 12, INK, space=8)

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.heading(block)
            case Paragraph():
                style = "PDP Question" if block.role == "question" else None
                _write(self.word.add_paragraph(style=style), block.line)
            case Table():
                self.table(block)
            case Definition():
                self.definition(block)
            case Votes():
                self.votes(block)
            case OpinionBox():
                self.opinion(block)
            case Signatures():
                self.signatures(block)
            case Together():
                self.ruled = block.ruled
                self.kept(block.blocks, whole=fits_on_page(block))
            case Point():
                self.point(block)

    def point(self, point: Point) -> None:
        self.ruled = True
        first = opening(point)
        self.kept(point.blocks[:first], whole=True)
        for block in point.blocks[first:]:
            self.block(block)

    def kept(self, blocks: tuple[Block, ...], *, whole: bool) -> None:
        body = self.word.element.body
        start = len(body)
        for block in blocks:
            self.block(block)
        if whole:
            # The section properties are the last child; the paragraph before them ends the chain.
            for element in body[start - 1 : len(body) - 2]:
                for properties in element.iter(qn("w:p")):
                    WordParagraph(properties, self.word._body).paragraph_format.keep_with_next = True

    def heading(self, heading: Heading) -> None:
        paragraph = self.word.add_heading(level=heading.level - 1)
        if self.ruled:
            xml.border_paragraph(paragraph, "top", "single", 16, INK, space=8)
            self.ruled = False
        _write(paragraph, heading.line)
        if heading.aside:
            if fits_beside(heading):
                paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
                paragraph.add_run("\t")
            else:
                paragraph.add_run().add_break()
            for segment in heading.aside:
                run = paragraph.add_run(_text(segment))
                run.bold, run.font.size = False, Pt(10)

    def definition(self, definition: Definition) -> None:
        for rank, value in enumerate(definition.paragraphs):
            style = "PDP Suite de rubrique" if rank else "PDP Rubrique"
            paragraph = self.word.add_paragraph(style=style)
            if rank == 0:
                _term(paragraph, definition.term)
                paragraph.add_run("\t")
            _write(paragraph, value.line)

    def table(self, table: Table) -> None:
        written = self.word.add_table(rows=1, cols=len(table.columns))
        total = sum(column.width for column in table.columns)
        for cell, column in zip(written.rows[0].cells, table.columns, strict=True):
            _term(self._cell(cell), column.title)
            xml.border_cell(cell, "single", 6, INK, ("bottom",))
        for row in table.rows:
            for cell, line, column in zip(written.add_row().cells, row, table.columns, strict=True):
                paragraph = self._cell(cell)
                _write(paragraph, line)
                if column.align == "right":
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                xml.border_cell(cell, "single", 4, RULE, ("bottom",))
        xml.fix_layout(written, [Mm(TEXT_WIDTH * column.width / total) for column in table.columns])
        xml.flush_table(written)
        xml.describe_table(written, table.caption)
        xml.keep_rows_whole(written)
        xml.repeat_header(written)
        self._gap()

    def votes(self, votes: Votes) -> None:
        gutter, half = 6, (len(votes.votes) + 1) // 2
        column = (TEXT_WIDTH - TERM_WIDTH - gutter) / 2
        written = self.word.add_table(rows=1, cols=4)
        term, left, _, right = written.rows[0].cells
        _term(self._cell(term), votes.term)
        for cell, part in ((left, votes.votes[:half]), (right, votes.votes[half:])):
            for rank, vote in enumerate(part):
                self._vote(cell.add_paragraph() if rank else cell.paragraphs[0], vote, column)
        xml.fix_layout(written, [Mm(TERM_WIDTH), Mm(column), Mm(gutter), Mm(column)])
        xml.flush_table(written)
        xml.describe_table(written, "Votes par siège")
        self._gap()

    def _vote(self, paragraph: WordParagraph, vote: Vote, width: float) -> None:
        paragraph.style = self.word.styles["PDP Cellule"]
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width - 2), WD_TAB_ALIGNMENT.RIGHT)
        xml.border_paragraph(paragraph, "bottom", "single", 4, RULE, space=2)
        _write(paragraph, (vote.seat,))
        paragraph.add_run("\t")
        _write(paragraph, (vote.value,))
        if vote.text:
            paragraph.add_run().add_break()
            _write(paragraph, (vote.text,))

    def opinion(self, box: OpinionBox) -> None:
        written = self.word.add_table(rows=1, cols=1)
        cell = written.rows[0].cells[0]
        xml.border_cell(cell, "double", 6, TONES[box.code], _SIDES)
        xml.pad_cell(cell, vertical=110, horizontal=200)
        title = cell.paragraphs[0]
        run = title.add_run(_text(box.title))
        run.bold, run.font.size = True, Pt(12.5)
        run.font.color.rgb = RGBColor.from_string(TONES[box.code])
        title.paragraph_format.space_after = Pt(2)
        for value in box.paragraphs:
            paragraph = cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            _write(paragraph, value.line)
        xml.fix_layout(written, [Mm(TEXT_WIDTH)])
        written.alignment = WD_TABLE_ALIGNMENT.CENTER
        xml.describe_table(written, "Avis de la cellule")
        xml.keep_rows_whole(written)
        self._gap()

    def signatures(self, block: Signatures) -> None:
        written = self.word.add_table(rows=1, cols=len(block.signatures))
        for cell, signature in zip(written.rows[0].cells, block.signatures, strict=True):
            cell.paragraphs[0].add_run(signature.role).bold = True
            name = cell.add_paragraph(signature.name)
            name.paragraph_format.space_after = Pt(52)
            place = cell.add_paragraph(style="PDP Cellule")
            place.add_run("Date et signature").font.color.rgb = RGBColor.from_string(INK_2)
            place.paragraph_format.right_indent = Mm(12)
            xml.border_paragraph(place, "top", "dashed", 6, INK_2)
        xml.fix_layout(written, [Mm(TEXT_WIDTH / len(block.signatures))] * len(block.signatures))
        xml.flush_table(written)
        xml.describe_table(written, "Signatures")
        xml.keep_rows_whole(written)

    def _cell(self, cell: _Cell) -> WordParagraph:
        paragraph: WordParagraph = cell.paragraphs[0]
        paragraph.style = self.word.styles["PDP Cellule"]
        return paragraph

    def _gap(self) -> None:
        # Two tables in a row would melt into one: a thin paragraph parts them.
        paragraph = self.word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(7)


def _text(segment: Segment) -> str:
    return segment.text.replace("\r\n", "\n")


def _term(paragraph: WordParagraph, term: str) -> None:
    run = paragraph.add_run(term)
    run.bold = True
    run.font.color.rgb = RGBColor.from_string(INK_2)


def _write(paragraph: WordParagraph, line: Line) -> None:
    for rank, segment in enumerate(line):
        if segment.look in (Look.CHIP_SALARIE, Look.CHIP_TI):
            _chip(paragraph, segment, first=rank == 0)
            continue
        run = paragraph.add_run(_text(segment))
        if segment.look is Look.STRONG:
            run.bold = True
        if segment.look is Look.MUTED:
            run.font.color.rgb = RGBColor.from_string(INK_2)


def _chip(paragraph: WordParagraph, segment: Segment, *, first: bool) -> None:
    if not first:
        paragraph.add_run("  ")
    run = paragraph.add_run(f"{NBSP}{_text(segment)}{NBSP}")
    run.bold, run.font.size = True, Pt(8.5)
    if segment.look is Look.CHIP_TI:
        run.font.color.rgb = RGBColor.from_string(WHITE)
        xml.border_run(run, PRUNE)
        xml.shade_run(run, PRUNE)
    else:
        xml.border_run(run, INK_2)
