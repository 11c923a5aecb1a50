"""An empty A4 document for word processors, with our styles and its properties: the same bytes each time."""

import io
from dataclasses import dataclass
from datetime import datetime

import docx
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from pdp.core.office.archive import stable_archive
from pdp.core.office.docx_xml import node
from pdp.core.office.palette import INK

FONT = "Arial"
PAGE_WIDTH, PAGE_HEIGHT = 210, 297


@dataclass(frozen=True, slots=True)
class Properties:
    """What is said of a file in its properties; `made_at` in UTC."""

    title: str
    subject: str
    author: str
    category: str
    language: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: sizes in points; without a parent it is one of the word processor's own."""

    name: str
    parent: str | None
    size: float
    bold: bool
    before: float
    after: float


def blank_document(
    properties: Properties, body: Style, styles: tuple[Style, ...], *, sides: float, foot: float
) -> Word:
    """Return an empty A4 document; `sides` and `foot` are its margins in millimetres."""
    word = docx.Document()
    _drop_thumbnail(word)
    _page(word, sides, foot)
    _styles(word, body, styles, properties.language)
    _describe(word, properties)
    return word


def saved(word: Word, made_at: datetime) -> bytes:
    """Return the file, whose parts all bear the same date."""
    target = io.BytesIO()
    word.save(target)
    return stable_archive(target.getvalue(), made_at)


def style_of(word: Word, name: str) -> ParagraphStyle:
    """Return a paragraph style of the document."""
    style = word.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _drop_thumbnail(word: Word) -> None:
    # The picture of python-docx's own blank page.
    relations = word.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


def _page(word: Word, sides: float, foot: float) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = section.top_margin = Mm(sides)
    section.bottom_margin = Mm(foot)
    section.header_distance, section.footer_distance = Mm(8), Mm(11)


def _styles(word: Word, body: Style, styles: tuple[Style, ...], language: str) -> None:
    _set(style_of(word, body.name), body)
    for mark in word.styles.element.iter(qn("w:lang")):
        mark.set(qn("w:val"), language)
    for given in styles:
        style = (
            word.styles.add_style(given.name, WD_STYLE_TYPE.PARAGRAPH) if given.parent else _known(word, given.name)
        )
        assert isinstance(style, ParagraphStyle)
        if given.parent:
            style.base_style = word.styles[given.parent]
        _set(style, given)


def _known(word: Word, name: str) -> ParagraphStyle:
    names = {style.name for style in word.styles}
    style = word.styles[name] if name in names else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    return style


def _set(style: ParagraphStyle, given: Style) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    style.font.name = FONT
    properties.rFonts.set(qn("w:cs"), FONT)
    properties.rFonts.set(qn("w:eastAsia"), FONT)
    style.font.size = Pt(given.size)
    style.font.bold = given.bold
    style.font.color.rgb = RGBColor.from_string(INK)
    style.paragraph_format.space_before = Pt(given.before)
    style.paragraph_format.space_after = Pt(given.after)
    style.paragraph_format.line_spacing = 1.2


def _describe(word: Word, properties: Properties) -> None:
    core = word.core_properties
    core.title, core.subject, core.category = properties.title, properties.subject, properties.category
    core.author = core.last_modified_by = properties.author
    core.language = properties.language
    core.comments = core.keywords = ""
    core.created = core.modified = properties.made_at.replace(tzinfo=None)
    core.revision = 1
    compatibility = word.settings.element.find(qn("w:compat"))
    if compatibility is not None:
        mode = node("compatSetting", name="compatibilityMode", val=15)
        mode.set(qn("w:uri"), "http://schemas.microsoft.com/office/word")
        compatibility.append(mode)
