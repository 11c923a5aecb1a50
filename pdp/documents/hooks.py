"""What features above tell this one: which pieces a case still requires."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pdp.documents.enums import PaperKind
from pdp.policy.actor import Actor
from pdp.policy.labels import Label

if TYPE_CHECKING:
    from pdp.cases.models import Case


@dataclass(frozen=True, slots=True)
class ExpectedPiece:
    """A piece that something of the case requires: its opaque reference, its name and whether it is there.

    `endpoint` and `target` are the page that records it; `one_click` is the address that records it from a
    piece of the case in one act, when that is enough.
    """

    ref: str
    title: str
    wanted_for: str
    kind: PaperKind | None
    received: bool
    asked_on: date | None
    label: Label
    endpoint: str
    target: tuple[tuple[str, str], ...]
    may_record: bool
    one_click: bool


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A paper that another feature files in a case: it is read there, and kept there alone."""

    title: str
    dated: date
    detail: str
    endpoint: str
    target: tuple[tuple[str, str], ...]


Filer = Callable[[Actor, "Case"], Sequence[FiledPaper]]
# Each gets the actor and a case it may see, inside a transaction, and answers only what the actor may open.
filed_papers: list[Filer] = []


def list_filed(actor: Actor, case: "Case") -> tuple[FiledPaper, ...]:
    """Return what other features file in a case, as far as the actor may open it."""
    return tuple(paper for filer in filed_papers for paper in filer(actor, case))


Provider = Callable[[Actor, "Case"], Sequence[ExpectedPiece]]
# Each gets the actor and a case it may see, inside a transaction, and answers only what the actor may read.
expected_pieces: list[Provider] = []


def list_expected(actor: Actor, case: "Case") -> list[ExpectedPiece]:
    """Return what the case requires, as far as the actor may read it."""
    return [piece for provider in expected_pieces for piece in provider(actor, case)]
