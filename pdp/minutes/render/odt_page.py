"""The package of an OpenDocument text: our own styles, its properties and its footer."""

import odfdo
from odfdo import Element

from pdp.core.resources import data_dir
from pdp.minutes.document import Meta
from pdp.minutes.render import wording

_OUR_PARTS = ("content.xml", "styles.xml", "settings.xml")
_KEPT_PARTS = frozenset({"mimetype", "meta.xml", "META-INF/manifest.xml", *_OUR_PARTS})


def node(tag: str, text: str = "", **attributes: object) -> Element:
    """Return an element: `text_style_name` is written `text:style-name`. Line breaks and runs of spaces survive."""
    element = Element.from_tag(tag)
    for name, value in attributes.items():
        space, _, local = name.partition("_")
        element.set_attribute(f"{space}:{local.replace('_', '-')}", str(value))
    if text:
        append_text(element, text)
    return element


def append_text(element: Element, text: str) -> None:
    """Append text as OpenDocument keeps it: spaces, tabs and line breaks become elements."""
    for rank, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if rank:
            element.append(Element.from_tag("text:line-break"))
        for place, part in enumerate(line.split("\t")):
            if place:
                element.append(Element.from_tag("text:tab"))
            _append_spaced(element, part)


def _append_spaced(element: Element, text: str) -> None:
    # A space that begins, ends or follows another would be collapsed by the reader.
    pending = ""
    for rank, character in enumerate(text):
        lone = 0 < rank < len(text) - 1 and text[rank - 1] != " "
        if character == " " and not lone:
            element.append(pending)
            element.append(Element.from_tag("text:s"))
            pending = ""
        else:
            pending += character
    element.append(pending)


def new_document(meta: Meta, digest: str) -> odfdo.Document:
    """Return an empty text document with our styles, its properties and its footer."""
    document = odfdo.Document("text")
    container = document.container
    assert container is not None
    for part in container.get_parts():
        if part not in _KEPT_PARTS:
            document.del_part(part)
    folder = data_dir("templates") / "documents" / "odt"
    for part in _OUR_PARTS:
        container.set_part(part, (folder / part).read_bytes())
    _manifest(document)
    _properties(document, meta)
    _footer(document, meta, digest)
    return document


def _manifest(document: odfdo.Document) -> None:
    for path in document.manifest.get_paths():
        if path != "/" and path not in _KEPT_PARTS:
            document.manifest.del_full_path(path)


def _properties(document: odfdo.Document, meta: Meta) -> None:
    properties = document.meta
    properties.title = wording.full_title(meta)
    properties.subject = f"{meta.cellule}, {meta.caisse}"
    properties.language = meta.language
    properties.initial_creator = properties.creator = meta.cellule
    properties.creation_date = properties.date = meta.composed_at.replace(tzinfo=None)
    properties.set_generator("Cellule PDP")


def _footer(document: odfdo.Document, meta: Meta, digest: str) -> None:
    footer = document.styles.root.get_element("//style:footer")
    assert footer is not None
    first = node("text:p", wording.footer(meta), text_style_name="PDP_Pied")
    pages = node("text:span", "\tPage\u00a0", text_style_name="PDP_strong")
    pages.append(node("text:page-number", "1", text_select_page="current"))
    append_text(pages, "\u00a0sur\u00a0")
    pages.append(node("text:page-count", "1"))
    first.append(pages)
    label, _, value = wording.fingerprint(digest).rpartition(" ")
    second = node("text:p", f"{label}\u00a0", text_style_name="Footer")
    second.append(node("text:span", value, text_style_name="PDP_mono"))
    append_text(second, f"\t{meta.confidentiality}")
    footer.append(first)
    footer.append(second)
