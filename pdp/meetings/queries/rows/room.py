"""The screen of the room."""

from dataclasses import dataclass
from datetime import datetime

from pdp.accounts.enums import BallotMode, Voice
from pdp.dispositifs.enums import Dispositif
from pdp.meetings.enums import BallotStatus, MeetingStatus, OpinionCode, VoteValue
from pdp.meetings.rules.tally import Tally


@dataclass(frozen=True, slots=True)
class RoomSeat:
    """A seat on the screen of the room. Before closing `value` is None: only whether it answered."""

    label: str
    voice: Voice
    answered: bool
    recused: bool
    value: VoteValue | None


@dataclass(frozen=True, slots=True)
class Room:
    """What the room may read: reference and initials, the question, the state of the vote.

    `away` holds the labels of the deliberative seats that are not part of the ballot.
    """

    meeting: str
    etag: str
    status: MeetingStatus
    starts_at: datetime
    rank: int | None
    total: int
    reference: str
    initials: str
    dispositif: Dispositif | None
    question: str
    ballot_status: BallotStatus | None
    seats: tuple[RoomSeat, ...]
    away: tuple[str, ...]
    quorum_reached: bool
    quorum_sentence: str
    tally: Tally | None
    opinion: OpinionCode | None
    # The room reads nothing of a restricted case, whoever sits in it.
    closed_doors: bool = False
    mode: BallotMode = BallotMode.NAMED
    proposed: OpinionCode | None = None
    # A break, and until when if that was said.
    paused_at: datetime | None = None
    resumes_at: datetime | None = None
    # The points about no case, while no case is presented: their titles name nobody.
    points: tuple[str, ...] = ()
