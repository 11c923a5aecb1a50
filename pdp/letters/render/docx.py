"""The Word document of a letter: the same places as the PDF, so that the address shows in the window."""

from docx.document import Document as Word
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from pdp.core.office.docx_xml import add_field, border_paragraph, describe_table, fix_layout, flush_table
from pdp.core.office.palette import INK, INK_2
from pdp.core.office.word import PAGE_WIDTH, Properties, Style, blank_document, saved, style_of
from pdp.letters.rules.letter import Letter, footer

_SIDES = 25
_TOP = 20
_TEXT_WIDTH = PAGE_WIDTH - 2 * _SIDES
# The window of a French envelope: the address begins 110 mm from the left and 50 mm from the top of the page.
_ADDRESS_LEFT = 110 - _SIDES
_ADDRESS_TOP = 50 - _TOP
_ADDRESS_HEIGHT = 36
_BODY = Style("Normal", None, 11, False, 0, 9)
_STYLES = (
    Style("Title", None, 11, True, 6, 12),
    Style("PDP Lettre bloc", "Normal", 11, False, 0, 0),
    Style("PDP Pied", "Normal", 8, False, 0, 2),
)


def render_docx(letter: Letter) -> bytes:
    """Return the .docx file, the same bytes each time."""
    properties = Properties(
        title=letter.title,
        subject=f"{letter.cellule}, {letter.caisse}",
        author=letter.cellule,
        category="Courrier",
        language="fr-FR",
        made_at=letter.made,
    )
    word = blank_document(properties, _BODY, _STYLES, sides=_SIDES, foot=24)
    word.sections[0].top_margin = Mm(_TOP)
    _head(word, letter)
    _opening(word, letter)
    for text in letter.paragraphs:
        _lines(word.add_paragraph(), text)
    word.add_paragraph(letter.closing)
    _signature(word, letter)
    _foot(word, letter)
    return saved(word, letter.made)


def _head(word: Word, letter: Letter) -> None:
    """Write the sender at the left and the address at the right, in a table without borders of a fixed height."""
    table = word.add_table(rows=2, cols=2)
    sender, _, _, recipient = (cell for row in table.rows for cell in row.cells)
    table.rows[0].height = Mm(_ADDRESS_TOP)
    table.rows[1].height = Mm(_ADDRESS_HEIGHT)
    for row in table.rows:
        row.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY
    _stack(sender, (letter.cellule, letter.caisse), bold_first=True)
    _stack(recipient, letter.recipient)
    fix_layout(table, [Mm(_ADDRESS_LEFT), Mm(_TEXT_WIDTH - _ADDRESS_LEFT)])
    flush_table(table)
    describe_table(table, "Expéditeur et destinataire")


def _stack(cell: object, lines: tuple[str, ...], *, bold_first: bool = False) -> None:
    first = cell.paragraphs[0]  # type: ignore[attr-defined]
    for rank, line in enumerate(lines):
        paragraph = first if rank == 0 else cell.add_paragraph()  # type: ignore[attr-defined]
        paragraph.style = "PDP Lettre bloc"
        paragraph.add_run(line).bold = bold_first and rank == 0


def _opening(word: Word, letter: Letter) -> None:
    for term, value in letter.references:
        paragraph = word.add_paragraph(style="PDP Lettre bloc")
        paragraph.add_run(f"{term}\u00a0: ").font.color.rgb = RGBColor.from_string(INK_2)
        paragraph.add_run(value)
    dated = word.add_paragraph(letter.place_and_date)
    dated.paragraph_format.left_indent = Mm(_ADDRESS_LEFT)
    dated.paragraph_format.space_before = Pt(8)
    if letter.fictitious:
        word.add_paragraph().add_run("Données fictives").italic = True
    word.add_paragraph(f"Objet\u00a0: {letter.subject}", style="Title")
    word.add_paragraph(letter.greeting)


def _lines(paragraph: Paragraph, text: str) -> None:
    for rank, line in enumerate(text.split("\n")):
        if rank:
            paragraph.add_run().add_break()
        paragraph.add_run(line)


def _signature(word: Word, letter: Letter) -> None:
    for line, after in ((letter.signed_as, 42), (letter.signed_by, 0)):
        paragraph = word.add_paragraph(line, style="PDP Lettre bloc")
        paragraph.paragraph_format.left_indent = Mm(_ADDRESS_LEFT)
        paragraph.paragraph_format.space_after = Pt(after)
        paragraph.paragraph_format.keep_with_next = after > 0


def _foot(word: Word, letter: Letter) -> None:
    style = style_of(word, "PDP Pied")
    style.font.color.rgb = RGBColor.from_string(INK_2)
    style.paragraph_format.tab_stops.add_tab_stop(Mm(_TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.style = style
    border_paragraph(paragraph, "top", "single", 4, INK)
    paragraph.add_run(footer(letter))
    paragraph.add_run("\tPage ").bold = True
    add_field(paragraph, "PAGE")
    paragraph.add_run(" sur ").bold = True
    add_field(paragraph, "NUMPAGES")
