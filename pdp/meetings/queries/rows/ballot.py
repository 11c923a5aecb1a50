"""A ballot, as the console shows it and as its voter does."""

from dataclasses import dataclass
from datetime import datetime

from pdp.accounts.enums import BallotMode, OrganisationKind, Voice
from pdp.dispositifs.enums import StatusGroup
from pdp.meetings.enums import BallotStatus, OpinionCode, VoteChannel, VoteValue
from pdp.meetings.rules.tally import Tally


@dataclass(frozen=True, slots=True)
class BallotSeat:
    """A seat of the electorate and its answer. `value` is None while it is hidden from the reader.

    `sequence` is what a change must name in `replaces`; `person` is who answered, else who sits.
    """

    seat: str
    label: str
    kind: OrganisationKind
    voice: Voice
    person: str
    job_title: str
    answered: bool
    recused: bool
    value: VoteValue | None
    text: str
    channel: VoteChannel | None
    sequence: int | None


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot. `tally` is None while a vote is hidden from the reader; `silent` names seats.

    `proposed` is what the chair proposed without a vote, `vote_asked_by` the seat that asked for one. `resets`
    are the reasons for which it was begun again. `few` says that the figures would tell who voted what.
    """

    ballot: str
    version: int
    status: BallotStatus
    question: str
    opened_at: datetime
    closed_at: datetime | None
    seats: tuple[BallotSeat, ...]
    silent: tuple[str, ...]
    quorum_reached: bool
    quorum_sentence: str
    tally: Tally | None
    mode: BallotMode = BallotMode.NAMED
    proposed: OpinionCode | None = None
    vote_asked_by: str = ""
    resets: tuple[str, ...] = ()
    few: bool = False


@dataclass(frozen=True, slots=True)
class SeatState:
    """Whether a seat answered; never what."""

    seat: str
    label: str
    answered: bool
    recused: bool


@dataclass(frozen=True, slots=True)
class BallotState:
    """The cheap answer to a poll on a ballot. `seats` is empty for a partner."""

    etag: str
    status: BallotStatus
    cast: int
    expected: int
    seats: tuple[SeatState, ...]


@dataclass(frozen=True, slots=True)
class SeatAnswer:
    """What a seat answered, once the ballot is closed; `value` is None when it did not vote."""

    label: str
    voice: Voice
    value: VoteValue | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class CarriedSeat:
    """A represented seat whose proxy the reader carries: it is answered for apart."""

    seat: str
    label: str
    answered: bool


@dataclass(frozen=True, slots=True)
class MyBallot:
    """One's own place in a ballot. `value` is None before one's vote; `sequence` is what to replace.

    `may_vote` is false for a suppléant while the titulaire takes part, and for a titulaire whom a
    suppléant replaces. Results are those that the reader may know once the ballot is closed: a partner
    reads its own answer, and the opinion when it is shared.
    """

    ballot: str
    meeting: str
    meeting_starts_at: datetime
    rank: int | None
    total: int | None
    status: BallotStatus
    question: str
    reference: str
    initials: str
    groups: tuple[StatusGroup, ...]
    case: str
    request: str
    seat_label: str
    voice: Voice
    as_suppleant: bool
    may_vote: bool
    value: VoteValue | None
    text: str
    channel: VoteChannel | None
    cast_at: datetime | None
    sequence: int | None
    closed_at: datetime | None
    quorum_sentence: str
    tally: Tally | None
    answers: tuple[SeatAnswer, ...]
    opinion: OpinionCode | None
    conditions: str
    mode: BallotMode = BallotMode.NAMED
    proposed: OpinionCode | None = None
    vote_asked_by: str = ""
    # A secret vote was given from this seat: it says no more.
    took_part: bool = False
    # The seats that the reader represents, and which of them this page answers for, if any.
    carried: tuple[CarriedSeat, ...] = ()
    proxy_seat: str = ""
