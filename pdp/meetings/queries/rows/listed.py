"""The list of the requests approved without a debate."""

from dataclasses import dataclass
from datetime import datetime

from pdp.dispositifs.enums import Dispositif
from pdp.meetings.enums import AgendaTrack, MeetingStatus, OpinionCode


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A request that could be, is or was on the list. `why_not` says why it may not be; empty when it may.

    `position` is None for a partner.
    """

    item: str
    version: int
    position: int | None
    case: str
    reference: str
    name: str
    request: str
    dispositif: Dispositif | None
    track: AgendaTrack
    why_not: str
    opinion: OpinionCode | None


@dataclass(frozen=True, slots=True)
class FastTrack:
    """The list of a séance: what is on it, what a member asked to debate, and what could still be added."""

    meeting: str
    version: int
    starts_at: datetime
    status: MeetingStatus
    listed: tuple[ListedItem, ...]
    asked: tuple[ListedItem, ...]
    approved: tuple[ListedItem, ...]
    candidates: tuple[ListedItem, ...]
    can_run: bool
    can_ask: bool

    @property
    def ready(self) -> tuple[ListedItem, ...]:
        """What would be approved now; the rest of the list leaves it by itself."""
        return tuple(row for row in self.listed if not row.why_not)
