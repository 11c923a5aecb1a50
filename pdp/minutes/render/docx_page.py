"""The page, the styles, the properties and the footer of the minutes as a Word document."""

from docx.document import Document as Word
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from pdp.core.office.docx_xml import add_field, border_paragraph
from pdp.core.office.palette import INK, INK_2
from pdp.core.office.word import PAGE_WIDTH, Properties, Style, blank_document, style_of
from pdp.minutes.document import Meta
from pdp.minutes.render import wording

MARGIN = 17
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
TERM_WIDTH = 32
_BODY = Style("Normal", None, 10, False, 0, 6)
_STYLES = (
    Style("Title", None, 20, True, 4, 2),
    Style("Heading 1", None, 12.5, True, 16, 4),
    Style("Heading 2", None, 11, True, 10, 4),
    Style("PDP Question", "Normal", 11, True, 2, 8),
    Style("PDP Rubrique", "Normal", 10, False, 0, 5),
    Style("PDP Suite de rubrique", "Normal", 10, False, 0, 5),
    Style("PDP Cellule", "Normal", 9, False, 2, 2),
    Style("PDP Pied", "Normal", 8, False, 0, 2),
)


def new_document(meta: Meta, digest: str) -> Word:
    """Return an empty A4 document with our styles, its properties and its footer."""
    properties = Properties(
        title=wording.full_title(meta),
        subject=f"{meta.cellule}, {meta.caisse}",
        author=meta.cellule,
        category=meta.confidentiality,
        language=meta.language,
        made_at=wording.composed_utc(meta),
    )
    word = blank_document(properties, _BODY, _STYLES, sides=MARGIN, foot=26)
    _indent(word)
    _footer(word, meta, digest)
    return word


def _indent(word: Word) -> None:
    rubric, following = style_of(word, "PDP Rubrique"), style_of(word, "PDP Suite de rubrique")
    for style in (rubric, following):
        style.paragraph_format.left_indent = Mm(TERM_WIDTH)
    rubric.paragraph_format.first_line_indent = Mm(-TERM_WIDTH)
    rubric.paragraph_format.tab_stops.add_tab_stop(Mm(TERM_WIDTH))
    for name in ("Title", "Heading 1", "Heading 2"):
        style_of(word, name).paragraph_format.keep_with_next = True


def _footer(word: Word, meta: Meta, digest: str) -> None:
    footer = word.sections[0].footer
    first, second = footer.paragraphs[0], footer.add_paragraph()
    style = style_of(word, "PDP Pied")
    style.font.color.rgb = RGBColor.from_string(INK_2)
    style.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    first.style = second.style = style
    border_paragraph(first, "top", "single", 4, INK)
    first.add_run(wording.footer(meta))
    first.add_run("\tPage ").bold = True
    add_field(first, "PAGE")
    first.add_run(" sur ").bold = True
    add_field(first, "NUMPAGES")
    label, _, value = wording.fingerprint(digest).rpartition(" ")
    second.add_run(f"{label} ")
    mono = second.add_run(value)
    mono.font.name, mono.font.size = "Courier New", Pt(6.5)
    second.add_run(f"\t{meta.confidentiality}")
