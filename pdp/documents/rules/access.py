"""Who reads, proposes, examines and withdraws a piece: over the labels of its case, which always hold."""

from dataclasses import dataclass

from pdp.cases.tabs import FILE_LABELS
from pdp.documents.enums import ReviewState, ScanState, Spread
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.reading import Cell, cell

_FILES = frozenset(FILE_LABELS)


@dataclass(frozen=True, slots=True)
class Reader:
    """What decides of pieces for one person on one case: the labels open to it, and whether it examines proposals."""

    actor: Actor
    readable: frozenset[Label]
    writable: frozenset[Label]
    examines: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides who reaches a piece."""

    label: Label
    review: ReviewState
    spread: Spread
    scan: ScanState
    organisation_id: int
    added_by_id: int
    withdrawn: bool = False
    destroyed: bool = False


def addable(reader: Reader) -> frozenset[Label]:
    """Return the labels under which the person may add a piece.

    A partner proposes under what its agreement opens to it; where its role writes a label, it must be
    one who does: the secretary of an SPST proposes no restriction in a physician's name.
    """
    if not reader.actor.is_partner:
        return reader.writable & _FILES
    return frozenset(
        label
        for label in reader.readable & _FILES
        if label in reader.writable or cell(reader.actor.role, label) is Cell.AGREED
    )


def reaches(reader: Reader, piece: Facts) -> bool:
    """Tell whether the person may open the file's content, its scan apart: always within its labels."""
    if piece.label not in reader.readable or piece.withdrawn or piece.destroyed:
        return False
    own = piece.organisation_id == reader.actor.organisation_id
    if piece.review is ReviewState.PROPOSED:
        return reader.examines or own
    if piece.review is ReviewState.REFUSED:
        return False
    return own or piece.spread is Spread.AGREED or not reader.actor.is_partner


def opens(reader: Reader, piece: Facts) -> bool:
    """Tell whether the file may be downloaded now: reached, and found clean."""
    return reaches(reader, piece) and piece.scan is ScanState.CLEAN


def knows(reader: Reader, piece: Facts) -> bool:
    """Tell whether the person may know that the piece exists: the SQL twin is `queries.known_to`."""
    own = piece.organisation_id == reader.actor.organisation_id
    if reader.actor.is_partner and own and piece.added_by_id == reader.actor.user_id:
        # What one proposed is followed to its end, even filed under a label that one does not read.
        return True
    if piece.label not in reader.readable:
        return False
    if piece.review is ReviewState.ACCEPTED:
        return own or piece.spread is Spread.AGREED or not reader.actor.is_partner
    return own or reader.examines


def may_withdraw(reader: Reader, piece: Facts) -> bool:
    """Tell whether the person may take the piece out: one's own proposal, or what one writes in the core."""
    if piece.withdrawn or piece.review is ReviewState.REFUSED:
        return False
    if reader.actor.is_partner:
        own = piece.organisation_id == reader.actor.organisation_id
        return own and piece.review is ReviewState.PROPOSED and piece.label in addable(reader)
    if piece.review is ReviewState.PROPOSED:
        return False
    return piece.label in reader.writable or (reader.examines and piece.label in reader.readable)


def may_replace(reader: Reader, piece: Facts) -> bool:
    """Tell whether the person may add a newer version of an accepted piece."""
    if piece.withdrawn or piece.review is not ReviewState.ACCEPTED or piece.label not in addable(reader):
        return False
    own = piece.organisation_id == reader.actor.organisation_id
    return own or not reader.actor.is_partner


def spreadable(reader: Reader) -> tuple[Label, ...]:
    """Return the labels among which the referent decides: those it reads."""
    return tuple(label for label in FILE_LABELS if label in reader.readable)
