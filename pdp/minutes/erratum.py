"""An erratum: the stored minutes again, with what was wrong and what holds written at the point concerned. Pure.

Nothing else changes: the facts printed the first time stay readable beside their correction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pdp.core import french
from pdp.core.enums import Labelled
from pdp.core.french import NBSP
from pdp.minutes import words
from pdp.minutes.document import (
    PUBLIC,
    Block,
    Definition,
    Document,
    Heading,
    Look,
    Mark,
    Paragraph,
    Point,
    Segment,
    Together,
)
from pdp.policy.labels import Label

# The position that stands for the séance itself: place, hours, presences.
WHOLE_SEANCE = 0


class CorrectedPart(Labelled):
    """What a correction speaks of: it is printed for those who read that part."""

    REQUEST = "request", "la demande ou l’éligibilité"
    AGREEMENTS = "agreements", "les accords et les pièces"
    OPINION = "opinion", "l’avis de la cellule, ses réserves ou ses motifs"
    DECISION = "decision", "la décision"
    BALLOT = "ballot", "les échanges, les votes ou un désaccord"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: at which point, of which part, what was printed, what holds, and why."""

    position: int
    part: CorrectedPart
    wrong: str
    holds: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectablePoint:
    """A point that a correction may be written at."""

    position: int
    title: str
    has_case: bool
    # The public id of its case.
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """What the new edition says of itself."""

    number: int
    reference: str
    composed_at: datetime
    former_reference: str
    former_composed_at: datetime
    journal: str = ""


def correctable(document: Document) -> tuple[CorrectablePoint, ...]:
    """Return the points that can be corrected: not those behind closed doors, nor those emptied."""
    return tuple(
        CorrectablePoint(point.position, _title(point), has_case=point.mark.case is not None, case=point.mark.case)
        for point in document.blocks
        if isinstance(point, Point) and (point.mark.case is not None or point.mark.item is None)
    )


def correct(document: Document, corrections: Sequence[Correction], edition: Edition) -> Document:
    """Return the complete minutes with the erratum. Raises `ValueError`, in French, for a point that is not there."""
    known = {point.position for point in correctable(document)} | {WHOLE_SEANCE}
    unknown = [correction.position for correction in corrections if correction.position not in known]
    if unknown:
        raise ValueError(f"Le point {unknown[0]} ne peut pas être corrigé dans ce procès-verbal.")
    blocks: list[Block] = []
    for block in document.blocks:
        blocks.append(_corrected(block, corrections, edition.number))
        if isinstance(block, Paragraph) and block.role == "opening":
            blocks += [_notice(edition), *_definitions(corrections, WHOLE_SEANCE, Mark(), edition.number)]
    meta = replace(document.meta, number=edition.reference, composed_at=edition.composed_at)
    return Document(meta, tuple(_sealed_again(block, edition.journal) for block in blocks))


def _title(point: Point) -> str:
    heading = point.blocks[0]
    assert isinstance(heading, Heading)
    texts = [
        "".join(segment.text for segment in line if not segment.look.value.startswith("chip"))
        for line in (heading.line, heading.aside)
    ]
    return ", ".join(filter(None, texts))


def _corrected(block: Block, corrections: Sequence[Correction], number: int) -> Block:
    if not isinstance(block, Point):
        return block
    added = _definitions(corrections, block.position, block.mark, number)
    return replace(block, blocks=(*block.blocks, *added)) if added else block


def _definitions(corrections: Sequence[Correction], position: int, mark: Mark, number: int) -> list[Block]:
    return [
        Definition(f"Erratum n°{NBSP}{number}", _paragraphs(correction, mark))
        for correction in corrections
        if correction.position == position
    ]


def _paragraphs(correction: Correction, point: Mark) -> tuple[Paragraph, ...]:
    mark = replace(point, label=Label(correction.part.value)) if point.case is not None else PUBLIC
    lines = (("Au lieu de", correction.wrong), ("Lire", correction.holds), ("Motif", correction.reason))
    return tuple(
        Paragraph((Segment(f"{term}{NBSP}: ", mark, Look.STRONG), Segment(words.sentence(text), mark)))
        for term, text in lines
    )


def _notice(edition: Edition) -> Paragraph:
    composed, former = french.day(edition.composed_at.date()), french.day(edition.former_composed_at.date())
    return Paragraph(
        (
            Segment(f"Erratum n°{NBSP}{edition.number} du {composed}. ", look=Look.STRONG),
            Segment(
                f"Cette édition remplace le procès-verbal n°{NBSP}{edition.former_reference} composé le {former}. "
                "Chaque correction est imprimée au point qu’elle concerne ; le reste est inchangé.".replace(
                    " ;", f"{NBSP};"
                )
            ),
        )
    )


def _sealed_again(block: Block, journal: str) -> Block:
    """Say where the journal stood at this composition, where the former edition said it."""
    if not journal or not isinstance(block, Together):
        return block
    line = f"Empreinte du journal{NBSP}: {journal}."

    def said(segment: Segment) -> Segment:
        return replace(segment, text=line) if segment.mark.label is Label.JOURNAL else segment

    return replace(block, blocks=tuple(_each_segment(inner, said) for inner in block.blocks))


def _each_segment(block: Block, change: Callable[[Segment], Segment]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, line=tuple(change(segment) for segment in block.line))
    return block
