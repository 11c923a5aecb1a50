"""The neutral document: what the minutes say, without any format.

Every piece of text is a `Segment`, and every segment carries one `Mark`: the access label, the
agenda item it belongs to and, for what is one's own, the organisation. Redaction works on these
marks alone, and renderers never look at them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pdp.minutes.enums import OpinionCode
from pdp.minutes.text import clean_text
from pdp.policy.labels import LABEL_NAMES, Label

# No version of the minutes may hold these, the complete one included (access notes).
FORBIDDEN_LABELS = frozenset({Label.MEDICAL, Label.SOCIAL, Label.NIR, Label.ALLOWANCE})


class ForbiddenLabel(ValueError):
    """A text under a label that no minutes may hold was about to be written. French message."""


class Look(StrEnum):
    """How a segment is shown."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    CHIP_SALARIE = "chip_salarie"
    CHIP_TI = "chip_ti"


@dataclass(frozen=True, slots=True)
class Mark:
    """Who may read a segment. `label` None: any recipient of the document (or of the item).

    `also` names labels that the text speaks of besides its own: a partner must read them too.
    """

    label: Label | None = None
    item: int | None = None
    case: str | None = None
    owner: int | None = None
    also: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        for label in (self.label, *self.also):
            if label in FORBIDDEN_LABELS:
                raise ForbiddenLabel(
                    f"Le point {self.item} porte un contenu «\u00a0{LABEL_NAMES[label]}\u00a0», "
                    "qui ne figure jamais dans un procès-verbal."
                )


PUBLIC = Mark()


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text. `fallback` replaces it, publicly, for a reader of the item without its label."""

    text: str
    mark: Mark = PUBLIC
    look: Look = Look.PLAIN
    fallback: str | None = None

    def __post_init__(self) -> None:
        clean_text(self.text)
        clean_text(self.fallback or "")


Line = tuple[Segment, ...]


def numbering(position: int) -> Segment:
    """Return the number that begins the heading of a point."""
    return Segment(f"{position}. ")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3, and what stands at its right."""

    level: int
    line: Line
    aside: Line = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `opening` is the one to which redaction adds what a version leaves out."""

    line: Line
    role: Literal["body", "opening", "question"] = "body"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` is its share of the whole."""

    title: str
    width: float
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption for screen readers and a header row repeated on each page."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A row: the term at the left, its paragraphs at the right."""

    term: str
    paragraphs: tuple[Paragraph, ...]

    def __post_init__(self) -> None:
        clean_text(self.term)


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote of one seat, with its condition or its reason."""

    seat: Segment
    value: Segment
    text: Segment | None = None


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes by seat, in two columns."""

    term: str
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class OpinionBox:
    """The sealed opinion: its title and its lines between double rules."""

    code: OpinionCode
    title: Segment
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: the function in the séance and the name."""

    role: str
    name: str

    def __post_init__(self) -> None:
        clean_text(self.name)


@dataclass(frozen=True, slots=True)
class Signatures:
    """The block of signatures."""

    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page where they fit (votes and opinion); `ruled`: under a thick rule."""

    blocks: "tuple[Block, ...]"
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda. `mark.item` is its position when it is about a case."""

    position: int
    mark: Mark
    blocks: "tuple[Block, ...]"


Block = Heading | Paragraph | Table | Definition | Votes | OpinionBox | Signatures | Together | Point


@dataclass(frozen=True, slots=True)
class Meta:
    """What is said about the document itself, in its heading, its footer and its properties."""

    cellule: str
    caisse: str
    number: str
    held_on: date
    composed_at: datetime
    title: str
    version: str
    version_line: str
    points_total: int
    points_line: str = ""
    complete: bool = True
    fictitious: bool = False
    confidentiality: str = "Confidentiel"
    language: str = "fr-FR"

    def __post_init__(self) -> None:
        for text in (
            self.cellule,
            self.caisse,
            self.number,
            self.title,
            self.version,
            self.version_line,
        ):
            clean_text(text)


@dataclass(frozen=True, slots=True)
class Document:
    """The minutes as one neutral value."""

    meta: Meta
    blocks: tuple[Block, ...]
