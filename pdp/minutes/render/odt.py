"""The OpenDocument text: the same structure as the Word document, with our own styles."""

import io

from odfdo import Element

from pdp.core.french import NBSP
from pdp.core.office.archive import stable_archive
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
    Signatures,
    Table,
    Together,
    Vote,
    Votes,
)
from pdp.minutes.render import wording
from pdp.minutes.render.layout import fits_beside, fits_on_page, opening
from pdp.minutes.render.odt_page import append_text, new_document, node
from pdp.minutes.serial import content_hash

_TEXT_WIDTH = 176
_KEPT = "_lie"


def render_odt(document: Document) -> bytes:
    """Return the .odt file, the same bytes each time."""
    package = new_document(document.meta, content_hash(document))
    writer = _Writer(package.body)
    writer.masthead(document.meta)
    for block in document.blocks:
        writer.block(block)
    automatic = package.content.root.get_element("//office:automatic-styles")
    assert automatic is not None
    for style in writer.automatic_styles():
        automatic.append(style)
    target = io.BytesIO()
    package.save(target)
    return stable_archive(target.getvalue(), document.meta.composed_at)


class _Writer:
    """Writes the blocks at the end of the body, one method per kind."""

    def __init__(self, body: Element) -> None:
        self.body = body
        self.ruled = False
        self.tables = 0
        self.kept_styles: set[str] = set()
        self.widths: list[str] = []

    def add(self, element: Element) -> Element:
        self.body.append(element)
        return element

    def masthead(self, meta: Meta) -> None:
        first = self.add(_paragraph("PDP_Cellule_nom"))
        first.append(node("text:span", meta.cellule, text_style_name="PDP_strong"))
        append_text(first, f", {meta.caisse}")
        first.append(node("text:span", f"\tN°{NBSP}{meta.number}", text_style_name="PDP_number"))
        self.add(_paragraph("Title", meta.title))
        self.add(_paragraph("PDP_Version", f"{NBSP}· ".join(wording.corner(meta))))

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.heading(block)
            case Paragraph():
                style = "PDP_Question" if block.role == "question" else "Standard"
                _write(self.add(_paragraph(style)), block.line)
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
        start = len(self.body.children)
        for block in blocks:
            self.block(block)
        if whole:
            for element in self.body.children[start:-1]:
                self._keep_with_next(element)

    def heading(self, heading: Heading) -> None:
        style = "PDP_Point" if self.ruled else f"Heading_20_{heading.level - 1}"
        self.ruled = False
        element = self.add(node("text:h", text_style_name=style, text_outline_level=heading.level - 1))
        _write(element, heading.line)
        if heading.aside:
            append_text(element, "\t" if fits_beside(heading) else "\n")
            for segment in heading.aside:
                element.append(node("text:span", segment.text, text_style_name="PDP_aside"))

    def definition(self, definition: Definition) -> None:
        for rank, value in enumerate(definition.paragraphs):
            element = self.add(_paragraph("PDP_Suite" if rank else "PDP_Rubrique"))
            if rank == 0:
                element.append(node("text:span", definition.term, text_style_name="PDP_term"))
                append_text(element, "\t")
            _write(element, value.line)

    def table(self, table: Table) -> None:
        total = sum(column.width for column in table.columns)
        widths = [f"{_TEXT_WIDTH * column.width / total:.1f}mm" for column in table.columns]
        written = self._table("Tableau", table.caption, [self._column(width) for width in widths])
        header = node("table:table-header-rows")
        titles = [_paragraph("PDP_Case") for _ in table.columns]
        for title, column in zip(titles, table.columns, strict=True):
            title.append(node("text:span", column.title, text_style_name="PDP_term"))
        header.append(_row("Case_tete", titles))
        written.append(header)
        for row in table.rows:
            cells = [
                _write(_paragraph("PDP_Case_droite" if column.align == "right" else "PDP_Case"), line)
                for line, column in zip(row, table.columns, strict=True)
            ]
            written.append(_row("Case_rang", cells))
        self._gap()

    def votes(self, votes: Votes) -> None:
        half = (len(votes.votes) + 1) // 2
        columns = ["Colonne_Terme", "Colonne_Votes", "Colonne_Gouttiere", "Colonne_Votes"]
        written = self._table("Bloc", "Votes par siège", columns)
        row = node("table:table-row", table_style_name="Rang")
        term = _paragraph("PDP_Case")
        term.append(node("text:span", votes.term, text_style_name="PDP_term"))
        for paragraphs in (
            [term],
            [_vote(vote) for vote in votes.votes[:half]],
            [],
            [_vote(vote) for vote in votes.votes[half:]],
        ):
            row.append(_cell("Case_nue", paragraphs))
        written.append(row)
        self._gap()

    def opinion(self, box: OpinionBox) -> None:
        written = self._table("Bloc", "Avis de la cellule", ["Colonne_Pleine"])
        title = _paragraph(f"PDP_Avis_{box.code}", box.title.text)
        texts = [_write(_paragraph("PDP_Avis_texte"), paragraph.line) for paragraph in box.paragraphs]
        row = node("table:table-row", table_style_name="Rang")
        row.append(_cell(f"Case_avis_{box.code}", [title, *texts]))
        written.append(row)
        self._gap()

    def signatures(self, block: Signatures) -> None:
        written = self._table("Bloc", "Signatures", ["Colonne_Moitie"] * len(block.signatures))
        row = node("table:table-row", table_style_name="Rang")
        for signature in block.signatures:
            role = _paragraph("Standard")
            role.append(node("text:span", signature.role, text_style_name="PDP_strong"))
            name = _paragraph("PDP_Signataire", signature.name)
            row.append(_cell("Case_nue", [role, name, _paragraph("PDP_Signature", "Date et signature")]))
        written.append(row)

    def automatic_styles(self) -> list[Element]:
        """Return the styles that depend on the content: kept paragraphs, widths of columns."""
        styles = []
        for name in sorted(self.kept_styles):
            style = _style(f"{name}{_KEPT}", "paragraph")
            style.set_attribute("style:parent-style-name", name)
            style.append(node("style:paragraph-properties", fo_keep_with_next="always"))
            styles.append(style)
        for width in self.widths:
            style = _style(f"Colonne_{width}", "table-column")
            style.append(node("style:table-column-properties", style_column_width=width))
            styles.append(style)
        return styles

    def _keep_with_next(self, element: Element) -> None:
        attribute = "table:style-name" if element.tag == "table:table" else "text:style-name"
        name = str(element.get_attribute(attribute))
        if name.endswith(_KEPT):
            return
        element.set_attribute(attribute, f"{name}{_KEPT}")
        if element.tag != "table:table":
            self.kept_styles.add(name)

    def _column(self, width: str) -> str:
        if width not in self.widths:
            self.widths.append(width)
        return f"Colonne_{width}"

    def _gap(self) -> None:
        self.add(_paragraph("PDP_Blanc"))

    def _table(self, style: str, caption: str, columns: list[str]) -> Element:
        self.tables += 1
        written = self.add(node("table:table", table_name=f"{caption} {self.tables}", table_style_name=style))
        title = Element.from_tag("table:title")
        title.text = caption
        written.append(title)
        for column in columns:
            written.append(node("table:table-column", table_style_name=column))
        return written


def _style(name: str, family: str) -> Element:
    return node("style:style", style_name=name, style_family=family)


def _paragraph(style: str, text: str = "") -> Element:
    return node("text:p", text, text_style_name=style)


def _cell(style: str, paragraphs: list[Element]) -> Element:
    cell = node("table:table-cell", table_style_name=style, office_value_type="string")
    for paragraph in paragraphs or [_paragraph("PDP_Case")]:
        cell.append(paragraph)
    return cell


def _row(style: str, paragraphs: list[Element]) -> Element:
    row = node("table:table-row", table_style_name="Rang")
    for paragraph in paragraphs:
        row.append(_cell(style, [paragraph]))
    return row


def _vote(vote: Vote) -> Element:
    paragraph = _write(_paragraph("PDP_Vote"), (vote.seat,))
    append_text(paragraph, "\t")
    _write(paragraph, (vote.value,))
    if vote.text:
        paragraph.append(Element.from_tag("text:line-break"))
        _write(paragraph, (vote.text,))
    return paragraph


def _write(paragraph: Element, line: Line) -> Element:
    for rank, segment in enumerate(line):
        if segment.look is Look.PLAIN:
            append_text(paragraph, segment.text)
            continue
        if rank and segment.look in (Look.CHIP_SALARIE, Look.CHIP_TI):
            append_text(paragraph, "  ")
        paragraph.append(node("text:span", segment.text, text_style_name=f"PDP_{segment.look}"))
    return paragraph
