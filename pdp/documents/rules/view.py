"""What pages get of the pieces of a case: only what the reader may know."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pdp.core.french import NBSP
from pdp.documents.enums import MediaType, PaperKind, ReviewState, ScanState, Spread
from pdp.policy.labels import Label


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A piece in a list. `label` is None where it is not the reader's to know."""

    public_id: str
    kind: PaperKind
    precision: str
    media: MediaType
    size: int
    label: Label | None
    added_by: str
    organisation: str
    added_on: date
    review: ReviewState
    scan: ScanState
    spread: Spread | None
    refusal: str
    withdrawn_at: datetime | None
    withdrawal: str
    replaced: bool
    is_newer: bool
    version: int
    about_ref: str | None = None
    may_open: bool = False
    may_review: bool = False
    may_withdraw: bool = False
    may_replace: bool = False

    @property
    def title(self) -> str:
        """Return what the piece is called: its kind, and the precision if any."""
        return f"{self.kind.label}, {self.precision}" if self.precision else self.kind.label

    @property
    def weight(self) -> str:
        """Return how heavy the file is: « 240 ko », « 1,4 Mo »."""
        return weight(self.size)

    @property
    def state_key(self) -> str:
        """Return the key of its state in the table of states."""
        if self.withdrawn_at is not None:
            return "paper.WITHDRAWN"
        if self.scan is ScanState.INFECTED:
            return "paper.INFECTED"
        if self.review is not ReviewState.ACCEPTED:
            return f"paper.{self.review.value}"
        if self.replaced:
            return "paper.REPLACED"
        return "paper.ACCEPTED" if self.scan is ScanState.CLEAN else "paper.WAITING"


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A piece that a request requires, and the piece of the case that answers it, if any."""

    ref: str
    title: str
    wanted_for: str
    kind: PaperKind | None
    received: bool
    asked_on: date | None
    endpoint: str
    target: tuple[tuple[str, str], ...]
    may_record: bool
    one_click: bool
    may_add: bool
    answered_by: DocumentLine | None


@dataclass(frozen=True, slots=True)
class PiecesView:
    """The « Pièces » tab."""

    to_review: tuple[DocumentLine, ...]
    current: tuple[DocumentLine, ...]
    own_proposals: tuple[DocumentLine, ...]
    former: tuple[DocumentLine, ...]
    withdrawn: tuple[DocumentLine, ...]
    expected: tuple[ExpectedLine, ...]
    addable: frozenset[Label]
    # Papers of other features (`documents.hooks.FiledPaper`).
    filed: tuple[Any, ...] = ()

    @property
    def missing(self) -> tuple[ExpectedLine, ...]:
        """Return the pieces required that no piece of the case answers and nobody recorded."""
        return tuple(line for line in self.expected if not line.received and line.answered_by is None)

    @property
    def to_record(self) -> tuple[ExpectedLine, ...]:
        """Return the pieces required that the case holds, and that its request does not count yet."""
        return tuple(line for line in self.expected if not line.received and line.answered_by is not None)


def weight(size: int) -> str:
    """Return a size as people say it."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}ko"
    return f"{size / 1_000_000:.1f}".removesuffix(".0").replace(".", ",") + f"{NBSP}Mo"
