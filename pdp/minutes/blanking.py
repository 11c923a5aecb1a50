"""Empty the points of a document that speak of one case, once the time of that case is over. Pure.

The number of the point stays, and how many there were; what was said of the person goes, in every format.
"""

from dataclasses import replace
from datetime import date

from pdp.core import french
from pdp.core.french import NBSP
from pdp.minutes.document import Block, Document, Heading, Look, Mark, Paragraph, Point, Segment, numbering
from pdp.minutes.grounds import cases_of
from pdp.minutes.serial import to_plain


def without_case(document: Document, case: str, on: date) -> Document:
    """Return the document whose points about a case (its public id) are emptied, with the day it was done.

    Raises `ValueError` when the case is spoken of outside of the points: nothing may be left behind.
    """
    blocks = tuple(_emptied(block, on) if _speaks_of(block, case) else block for block in document.blocks)
    emptied = replace(document, blocks=blocks)
    if case in cases_of(to_plain(emptied)):
        raise ValueError("Ce procès-verbal parle du dossier en dehors de ses points.")
    return emptied


def _speaks_of(block: Block, case: str) -> bool:
    return isinstance(block, Point) and case in cases_of(to_plain(block))


def _emptied(block: Block, on: date) -> Point:
    assert isinstance(block, Point)
    mark = Mark(item=block.mark.item)
    said = (
        f"Le contenu de ce point a été effacé le{NBSP}{french.day(on)}, au terme de la durée de conservation "
        "du dossier. Les autres points sont inchangés."
    )
    heading = Heading(2, (numbering(block.position), Segment("Point effacé", mark)))
    return Point(block.position, mark, (heading, Paragraph((Segment(said, mark, Look.MUTED),))))
