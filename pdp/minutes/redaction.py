"""Redact a document for its recipient: on the value, by its marks, before any format exists.

Deny by default: a segment whose permission is unknown or absent is dropped, and what holds nothing
any more is dropped with it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from pdp.minutes import words
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
    Segment,
    Signatures,
    Table,
    Together,
    Vote,
    Votes,
    numbering,
)
from pdp.minutes.recipients import Core, Partner, Recipient, may_read

_CHIPS = frozenset({Look.CHIP_SALARIE, Look.CHIP_TI})

T = TypeVar("T")


def redact(document: Document, recipient: Recipient) -> Document:
    """Return the version of the complete minutes that the recipient may read."""
    if isinstance(recipient, Core):
        return document
    if not document.meta.complete:
        raise ValueError("Seule la version complète peut être réduite pour un destinataire.")
    blocks = _renumbered(_blocks(document.blocks, recipient))
    meta = _meta(document.meta, recipient, sum(isinstance(block, Point) for block in blocks))
    return Document(meta, tuple(_complete_opening(block, _scope(recipient)) for block in blocks))


def _renumbered(blocks: tuple[Block, ...]) -> list[Block]:
    """Number the points from 1: a gap would tell how many cases the others brought."""
    renumbered: list[Block] = []
    position = 0
    for block in blocks:
        if isinstance(block, Point):
            position += 1
            block = replace(block, position=position, blocks=_numbered(block.blocks, position))
        renumbered.append(block)
    return renumbered


def _numbered(blocks: tuple[Block, ...], position: int) -> tuple[Block, ...]:
    heading, *rest = blocks
    if not isinstance(heading, Heading):
        return blocks
    return (replace(heading, line=(numbering(position), *heading.line[1:])), *rest)


def _segment(segment: Segment, recipient: Partner) -> Segment | None:
    if may_read(segment.mark, recipient):
        return replace(segment, fallback=None)
    if segment.fallback is None:
        return None
    public = replace(segment.mark, label=None)
    return Segment(segment.fallback, public, segment.look) if may_read(public, recipient) else None


def _line(line: Line, recipient: Partner) -> Line:
    return _kept(_segment(segment, recipient) for segment in line)


def _kept(values: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(value for value in values if value is not None)


def _blocks(blocks: tuple[Block, ...], recipient: Partner) -> tuple[Block, ...]:
    kept: list[Block] = []
    for block in blocks:
        reduced = _block(block, recipient)
        if reduced is not None:
            kept.append(reduced)
    return tuple(kept)


def _block(block: Block, recipient: Partner) -> Block | None:
    match block:
        case Heading():
            line = _line(block.line, recipient)
            return replace(block, line=line, aside=_line(block.aside, recipient)) if line else None
        case Paragraph():
            return _paragraph(block, recipient)
        case Table():
            rows = tuple(row for row in (_row(row, recipient) for row in block.rows) if any(row))
            return replace(block, rows=rows) if rows else None
        case Definition():
            paragraphs = _paragraphs(block.paragraphs, recipient)
            return replace(block, paragraphs=paragraphs) if paragraphs else None
        case Votes():
            votes = _kept(_vote(vote, recipient) for vote in block.votes)
            return replace(block, votes=votes) if votes else None
        case OpinionBox():
            title = _segment(block.title, recipient)
            return (
                replace(
                    block,
                    title=title,
                    paragraphs=_paragraphs(block.paragraphs, recipient),
                )
                if title
                else None
            )
        case Signatures():
            return block
        case Together():
            blocks = _blocks(block.blocks, recipient)
            return replace(block, blocks=blocks) if blocks else None
        case Point():
            return _point(block, recipient)


def _point(point: Point, recipient: Partner) -> Point | None:
    if not may_read(point.mark, recipient):
        return None
    return replace(point, blocks=_blocks(point.blocks, recipient))


def _row(row: tuple[Line, ...], recipient: Partner) -> tuple[Line, ...]:
    return tuple(_line(cell_line, recipient) for cell_line in row)


def _paragraph(paragraph: Paragraph, recipient: Partner) -> Paragraph | None:
    # A chip or a space alone is not a paragraph: the text it introduced is gone.
    line = _line(paragraph.line, recipient)
    says_something = any(segment.look not in _CHIPS and segment.text.strip() for segment in line)
    return replace(paragraph, line=line) if says_something else None


def _paragraphs(paragraphs: tuple[Paragraph, ...], recipient: Partner) -> tuple[Paragraph, ...]:
    return _kept(_paragraph(paragraph, recipient) for paragraph in paragraphs)


def _vote(vote: Vote, recipient: Partner) -> Vote | None:
    seat, value = _segment(vote.seat, recipient), _segment(vote.value, recipient)
    if seat is None or value is None:
        return None
    return Vote(seat, value, _segment(vote.text, recipient) if vote.text else None)


def _meta(meta: Meta, recipient: Partner, shown: int) -> Meta:
    count = f"{words.count(shown)} point{'s' if shown > 1 else ''}".capitalize() if shown else "Aucun point"
    return replace(
        meta,
        complete=False,
        version=recipient.name,
        version_line=f"Version destinée {_to(recipient)}",
        points_line=count,
        points_total=shown,
    )


def _complete_opening(block: Block, sentence: str) -> Block:
    if isinstance(block, Paragraph) and block.role == "opening":
        return replace(block, line=(*block.line, Segment(f" {sentence}")))
    return block


def _scope(recipient: Partner) -> str:
    """Say what the version holds, the same words whatever was left out: an absence tells nothing."""
    name = f"{recipient.article}{'' if recipient.article in ('', 'l’') else ' '}{recipient.name}"
    return f"Cette version ne contient que les points qui concernent {name}."


def _to(recipient: Partner) -> str:
    match recipient.article:
        case "le":
            return f"au {recipient.name}"
        case "les":
            return f"aux {recipient.name}"
        case "l’":
            return f"à l’{recipient.name}"
        case "la":
            return f"à la {recipient.name}"
        case _:
            return f"à {recipient.name}"
