"""What a higher feature adds to a séance: it is told of changes, and knows who announced that they come.

The lists are filled in `pdp.wiring`; without anybody in them a séance works alone.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pdp.meetings.enums import AttendanceMode
from pdp.meetings.rules.forecast import Reply
from pdp.policy.actor import Actor

if TYPE_CHECKING:
    from pdp.dispositifs.enums import Dispositif
    from pdp.meetings.models import Meeting


class Change(StrEnum):
    """What happened to a séance that people were convened to."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    ITEM_REMOVED = "item_removed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SeatReply:
    """What is announced for a seat: whether somebody comes, who, and how."""

    reply: Reply
    membership_id: int | None = None
    mode: AttendanceMode | None = None


NOTHING_SAID = SeatReply(Reply.UNKNOWN)


@dataclass(frozen=True, slots=True)
class OwnReply:
    """What a reader of a séance is told of their own convocation, and where they answer.

    `reference` and `sequence` name its calendar entry, from `starts_at` to `ends_at`: a file taken from the page
    updates the entry that the mail made.
    """

    path: str
    sentence: str
    is_awaited: bool
    reference: str
    starts_at: datetime
    ends_at: datetime
    sequence: int


class PhraseUse(StrEnum):
    """The field that a standard sentence is offered beside."""

    REASONS = "reasons"
    CONDITIONS = "conditions"
    AWAITED = "awaited"
    NOTE = "discussion"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A standard sentence of the cellule."""

    use: PhraseUse
    title: str
    text: str


# Called inside the transaction of the change; answers the people told of it, who need no other notice.
changed: list[Callable[["Actor | None", "Meeting", Change], Collection[int]]] = []
# By seat, for a cellule and a séance; nothing before anybody is convened.
announced: list[Callable[[int, int], Mapping[int, SeatReply]]] = []
# For a reader and the public id of a séance.
own_replies: list[Callable[[Actor, str], OwnReply | None]] = []
# Told, in the transaction of its closing, what a séance resolved about the minutes of the one before.
resolutions: list[Callable[[Actor, "Meeting", str], None]] = []
# The standard sentences of a cellule for a dispositif, inside a transaction.
phrases: list[Callable[[int, "Dispositif"], Sequence[Phrase]]] = []


def list_phrases(cellule_id: int, dispositif: "Dispositif") -> dict[PhraseUse, tuple[Phrase, ...]]:
    """Return the standard sentences by the field that they are offered beside."""
    found = [phrase for source in phrases for phrase in source(cellule_id, dispositif)]
    return {use: tuple(phrase for phrase in found if phrase.use is use) for use in PhraseUse}


def tell_resolution(actor: Actor, meeting: "Meeting", resolution: str) -> None:
    """Tell what the point of approval resolved, in the transaction under way."""
    for listener in resolutions:
        listener(actor, meeting, resolution)


def tell(actor: Actor | None, meeting: "Meeting", change: Change) -> frozenset[int]:
    """Tell of a change, in the transaction under way; return the people who learn of it by this way."""
    return frozenset(user for listener in changed for user in listener(actor, meeting, change))


def list_announced(cellule_id: int, meeting_id: int) -> dict[int, SeatReply]:
    """Return what is announced for each seat; empty before anybody is convened."""
    return {seat: reply for source in announced for seat, reply in source(cellule_id, meeting_id).items()}


def find_own_reply(actor: Actor, meeting: str) -> OwnReply | None:
    """Return what the reader is told of their own convocation; None when they have none."""
    found = (source(actor, meeting) for source in own_replies)
    return next((reply for reply in found if reply is not None), None)
