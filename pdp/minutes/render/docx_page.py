"""The page, the styles, the properties and the footer of a Word document."""

import docx
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from pdp.minutes.document import Meta
from pdp.minutes.render import wording
from pdp.minutes.render.docx_xml import add_field, border_paragraph, node
from pdp.minutes.render.palette import INK, INK_2

FONT = "Arial"
MARGIN, PAGE_WIDTH, PAGE_HEIGHT = 17, 210, 297
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
TERM_WIDTH = 32
# Name, parent, size, bold, space before, space after (points).
_STYLES = (
    ("Title", None, 20, True, 4, 2),
    ("Heading 1", None, 12.5, True, 16, 4),
    ("Heading 2", None, 11, True, 10, 4),
    ("PDP Question", "Normal", 11, True, 2, 8),
    ("PDP Rubrique", "Normal", 10, False, 0, 5),
    ("PDP Suite de rubrique", "Normal", 10, False, 0, 5),
    ("PDP Cellule", "Normal", 9, False, 2, 2),
    ("PDP Pied", "Normal", 8, False, 0, 2),
)


def new_document(meta: Meta, digest: str) -> Word:
    """Return an empty A4 document with our styles, its properties and its footer."""
    word = docx.Document()
    _drop_thumbnail(word)
    _page(word)
    _styles(word, meta)
    _properties(word, meta)
    _footer(word, meta, digest)
    return word


def _drop_thumbnail(word: Word) -> None:
    # The picture of python-docx's own blank page.
    relations = word.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


def _page(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = section.top_margin = Mm(MARGIN)
    section.bottom_margin = Mm(26)
    section.header_distance, section.footer_distance = Mm(8), Mm(11)


def _styles(word: Word, meta: Meta) -> None:
    normal = word.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _set(normal, 10, bold=False, before=0, after=6)
    normal.paragraph_format.line_spacing = 1.2
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), meta.language)
    for name, parent, size, bold, before, after in _STYLES:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) if parent else _known(word, name)
        assert isinstance(style, ParagraphStyle)
        if parent:
            style.base_style = word.styles[parent]
        _set(style, size, bold=bold, before=before, after=after)
    rubric, following = word.styles["PDP Rubrique"], word.styles["PDP Suite de rubrique"]
    assert isinstance(rubric, ParagraphStyle)
    assert isinstance(following, ParagraphStyle)
    for style in (rubric, following):
        style.paragraph_format.left_indent = Mm(TERM_WIDTH)
    rubric.paragraph_format.first_line_indent = Mm(-TERM_WIDTH)
    rubric.paragraph_format.tab_stops.add_tab_stop(Mm(TERM_WIDTH))
    for name in ("Title", "Heading 1", "Heading 2"):
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.paragraph_format.keep_with_next = True


def _known(word: Word, name: str) -> ParagraphStyle:
    names = {style.name for style in word.styles}
    style = word.styles[name] if name in names else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    return style


def _set(style: ParagraphStyle, size: float, *, bold: bool, before: float, after: float) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    style.font.name = FONT
    properties.rFonts.set(qn("w:cs"), FONT)
    properties.rFonts.set(qn("w:eastAsia"), FONT)
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.color.rgb = RGBColor.from_string(INK)
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.line_spacing = 1.2


def _properties(word: Word, meta: Meta) -> None:
    core = word.core_properties
    core.title = wording.full_title(meta)
    core.subject = f"{meta.cellule}, {meta.caisse}"
    core.author = core.last_modified_by = meta.cellule
    core.language = meta.language
    core.comments = core.keywords = ""
    core.category = meta.confidentiality
    core.created = core.modified = wording.composed_utc(meta).replace(tzinfo=None)
    core.revision = 1
    settings = word.settings.element
    compatibility = settings.find(qn("w:compat"))
    if compatibility is not None:
        mode = node("compatSetting", name="compatibilityMode", val=15)
        mode.set(qn("w:uri"), "http://schemas.microsoft.com/office/word")
        compatibility.append(mode)


def _footer(word: Word, meta: Meta, digest: str) -> None:
    footer = word.sections[0].footer
    first, second = footer.paragraphs[0], footer.add_paragraph()
    style = word.styles["PDP Pied"]
    assert isinstance(style, ParagraphStyle)
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
