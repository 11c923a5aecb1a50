"""How tall a block is, roughly: word processors cannot measure before they write.

A chain of « keep with next » longer than a page is broken anywhere by the word processor. So only
a point that fits is kept whole; in a longer one, the votes and the opinion alone are kept together.
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


def fits_on_page(block: Block) -> bool:
    """Tell whether the block, by a cautious estimate, holds on one page."""
    return _lines(block) <= _PAGE_LINES


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
