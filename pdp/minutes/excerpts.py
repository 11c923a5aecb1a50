"""The points of one case, cut out of a document that its reader may read. Pure."""

from dataclasses import replace

from pdp.core.french import NBSP
from pdp.minutes import words
from pdp.minutes.document import Document, Paragraph, Point, Segment
from pdp.minutes.grounds import cases_of
from pdp.minutes.serial import to_plain


def only_case(document: Document, case: str) -> Document:
    """Return the opening and the points of a case (its public id): no presences, no other point, no signatures."""
    points = tuple(
        block for block in document.blocks if isinstance(block, Point) and case in cases_of(to_plain(block))
    )
    opening = tuple(block for block in document.blocks if isinstance(block, Paragraph) and block.role == "opening")
    count = len(points)
    note = Paragraph(
        (
            Segment(
                f"Extrait du procès-verbal n°{NBSP}{document.meta.number}{NBSP}: "
                f"{words.count(count)} point{'s' if count > 1 else ''}, tel{'s' if count > 1 else ''} "
                "qu’imprimé dans la version dont il est tiré."
            ),
        )
    )
    meta = replace(document.meta, title=f"Extrait, {document.meta.title[0].lower()}{document.meta.title[1:]}")
    return Document(meta, (*opening, note, *points))
