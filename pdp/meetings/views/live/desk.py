"""The vote column as the secretary works through it: each seat, and the one whose vote is being typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pdp.accounts.enums import CORE_KINDS, OrganisationKind
from pdp.meetings.enums import AttendanceState, BallotStatus, VoteChannel
from pdp.meetings.queries.rows import BallotSeat, BallotView, Console, CurrentItem, SeatRow

_SERVICES: Mapping[OrganisationKind, str] = {
    OrganisationKind.SERVICE_SOCIAL: "Service social",
    OrganisationKind.SERVICE_MEDICAL: "Service médical",
    OrganisationKind.CPAM: "CPAM",
}


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """The seats of a service in the bar: one state key per seat."""

    label: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeskSeat:
    """A seat of the electorate. `substitutes` are those who may sit after its déport: membership and name."""

    vote: BallotSeat
    key: str
    is_entry: bool
    may_correct: bool
    substitutes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """The column: seats that vote, seats that do not, and the conditions said with the votes."""

    seats: tuple[DeskSeat, ...]
    away: tuple[SeatRow, ...]
    conditions: str
    cast: int


def desk_of(page: Console, item: CurrentItem, chosen: str = "") -> Desk | None:
    """Lay out the ballot of an item; None when it has none. `chosen` names a seat whose vote is corrected."""
    ballot = item.ballot
    if ballot is None:
        return None
    typing = page.can_run and ballot.status is BallotStatus.OPEN
    entry = _entry(ballot, chosen) if typing else ""
    rows = {row.seat: row for row in page.seats}
    voting = {seat.seat for seat in ballot.seats}
    return Desk(
        seats=tuple(_seat(seat, rows.get(seat.seat), entry, typing) for seat in ballot.seats),
        away=tuple(row for row in page.seats if row.seat not in voting and row.kind in CORE_KINDS),
        conditions="\n".join(seat.text for seat in ballot.seats if seat.text and seat.value == "FOR_WITH_CONDITIONS"),
        cast=sum(seat.answered for seat in ballot.seats),
    )


def services(seats: Sequence[SeatRow]) -> tuple[ServiceLine, ...]:
    """Return the presence of each service of the core, then of the partners who sit."""
    lines = [
        ServiceLine(label, tuple(_presence(row) for row in seats if row.kind is kind))
        for kind, label in _SERVICES.items()
    ]
    partners = tuple(_presence(row) for row in seats if row.kind not in CORE_KINDS)
    return (*(line for line in lines if line.keys), *((ServiceLine("Partenaires", partners),) if partners else ()))


def _presence(row: SeatRow) -> str:
    gone = row.state is AttendanceState.PRESENT and not row.is_sitting
    return f"attendance.{AttendanceState.ABSENT if gone else row.state}"


def _entry(ballot: BallotView, chosen: str) -> str:
    """Return the seat being typed: the one chosen if its vote may be typed, else the first silent one."""
    for seat in ballot.seats:
        if seat.seat == chosen and seat.channel is not VoteChannel.OWN_DEVICE:
            return seat.seat
    return next((seat.seat for seat in ballot.seats if not seat.answered), "")


def _seat(seat: BallotSeat, row: SeatRow | None, entry: str, typing: bool) -> DeskSeat:
    key = f"vote.{seat.value}" if seat.value else ("vote.CAST" if seat.answered else "vote.AWAITED")
    correctable = typing and seat.answered and seat.channel is VoteChannel.TYPED
    others = (
        tuple((each.membership, each.name) for each in row.holders if each.name != seat.person)
        if row and seat.recused
        else ()
    )
    return DeskSeat(seat, key, seat.seat == entry, correctable, others)
