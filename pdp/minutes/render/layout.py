"""How tall a block is, roughly: word processors cannot measure before they write.

A chain of « keep with next » longer than a page is broken anywhere by the word processor. So a point
may run over two pages: its opening is kept together, then its votes and its opinion, where they fit.
"""

from pdp.minutes.document import (
    Block,
    Definition,
    Heading,
    Line,
    OpinionBox,
    Paragraph,
    Point,
    Signatures,
    Table,
    Together,
    Votes,
)

_PAGE_LINES = 46
_LINE_LENGTH = 78
_HEADING_LENGTH = 104
_BOLD = 1.3
_OPENING_ROWS = 2


def fits_on_page(block: Block) -> bool:
    """Tell whether the block, by a cautious estimate, holds on one page."""
    return _lines(block) <= _PAGE_LINES


def opening(point: Point) -> int:
    """Return how many blocks open a point: its heading, its question and its first two rows."""
    rows = 0
    for rank, block in enumerate(point.blocks):
        if isinstance(block, Together) or rows == _OPENING_ROWS:
            return rank
        rows += isinstance(block, Definition)
    return len(point.blocks)


def fits_beside(heading: Heading) -> bool:
    """Tell whether the aside holds at right of the title, on the same line."""
    title, aside = ("".join(segment.text for segment in line) for line in (heading.line, heading.aside))
    return _BOLD * len(title) + len(aside) <= _HEADING_LENGTH


def _lines(block: Block) -> int:
    match block:
        case Heading():
            return 3
        case Paragraph():
            return _wrapped(block.line)
        case Table():
            return 1 + 2 * len(block.rows)
        case Definition():
            return sum(_wrapped(paragraph.line) for paragraph in block.paragraphs)
        case Votes():
            return len(block.votes) // 2 + sum(2 for vote in block.votes if vote.text) + 1
        case OpinionBox():
            return 3 + sum(_wrapped(paragraph.line) for paragraph in block.paragraphs)
        case Signatures():
            return 9
        case Together() | Point():
            return sum(_lines(part) for part in block.blocks)


def _wrapped(line: Line) -> int:
    text = "".join(segment.text for segment in line)
    return sum(1 + len(part) // _LINE_LENGTH for part in text.split("\n"))
