"""Who is to be convened to a séance, from when to when, and for which points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pdp.accounts import queries as accounts
from pdp.accounts.enums import CORE_KINDS, HolderRank
from pdp.accounts.models import Membership, Seat, SeatHolder
from pdp.convocations.rules import agenda_mark
from pdp.core import clock
from pdp.meetings import queries as meetings
from pdp.meetings.models import AgendaItem, Meeting
from pdp.meetings.rules.slots import rounded, window


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person to convene. `agenda_mark` changes with the points that concern them."""

    seat: Seat
    membership: Membership
    starts_at: datetime
    ends_at: datetime
    agenda_mark: str


@dataclass(frozen=True, slots=True)
class Attending:
    """From when to when a seat attends, and for which points."""

    starts_at: datetime
    ends_at: datetime
    agenda_mark: str


def list_wanted(meeting: Meeting) -> list[Wanted]:
    """Return who is to be convened, in the order of the seats: each person once.

    A seat of the core sends its titulaire to the whole séance; a partner's only comes for the cases shared with
    its organisation, and only then. A seat without a titulaire sends its first suppléant.
    """
    found: dict[int, Wanted] = {}
    for seat, attending in list_attending(meeting):
        holder = _first(seat.holders)
        if holder is not None and holder.membership_id not in found:
            found[holder.membership_id] = Wanted(
                seat, holder.membership, attending.starts_at, attending.ends_at, attending.agenda_mark
            )
    return list(found.values())


def list_attending(meeting: Meeting) -> list[tuple[Seat, Attending]]:
    """Return the seats that attend a séance, each with its time; a constant number of statements."""
    seats = accounts.list_seats(meeting.cellule_id, clock.local(meeting.starts_at).date())
    items = meetings.list_items(meeting)
    partners = {seat.organisation_id for seat in seats if seat.organisation.kind not in CORE_KINDS}
    cases = {item.request.case_id for item in items}
    following = meetings.followers_by_case(meeting.cellule_id, cases, partners) if partners and cases else {}
    slots = meetings.meeting_slots(meeting, meetings.list_points(meeting))
    whole = Attending(meeting.starts_at, meeting.ends_at, _mark(items))
    found: list[tuple[Seat, Attending]] = []
    for seat in seats:
        if seat.organisation.kind in CORE_KINDS:
            found.append((seat, whole))
            continue
        own = [item for item in items if seat.organisation_id in following.get(item.request.case_id, ())]
        slot = window(slots[item.public_id] for item in own if item.public_id in slots)
        if slot is not None:
            shown = rounded(slot)
            found.append((seat, Attending(shown.start, shown.end, _mark(own))))
    return found


def _mark(items: Sequence[AgendaItem]) -> str:
    return agenda_mark(item.public_id for item in items)


def _first(holders: Sequence[SeatHolder]) -> SeatHolder | None:
    ranked = sorted(holders, key=lambda holder: (holder.rank is not HolderRank.TITULAIRE, holder.id))
    return ranked[0] if ranked else None
