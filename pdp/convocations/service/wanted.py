"""Who is to be convened to a séance, from when to when, and for which points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pdp.accounts import queries as accounts
from pdp.accounts.enums import CORE_KINDS, HolderRank
from pdp.accounts.models import Membership, Seat, SeatHolder
from pdp.convocations.rules import agenda_mark
from pdp.core import clock
from pdp.meetings import queries as meetings
from pdp.meetings.models import AgendaItem, Meeting
from pdp.meetings.rules.slots import Slot, rounded, window


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person to convene. `agenda_mark` changes with the points that concern them."""

    seat: Seat
    membership: Membership
    starts_at: datetime
    ends_at: datetime
    agenda_mark: str


def list_wanted(meeting: Meeting) -> list[Wanted]:
    """Return who is to be convened, in the order of the seats: each person once; a constant number of statements.

    A seat of the core sends its titulaire to the whole séance; a partner's only comes for the cases shared with
    its organisation, and only then. A seat without a titulaire sends its first suppléant; so does a partner's whose
    titulaire takes no part in any of its cases.
    """
    seats = accounts.list_seats(meeting.cellule_id, clock.local(meeting.starts_at).date())
    items = meetings.list_items(meeting)
    partners = {seat.organisation_id for seat in seats if seat.organisation.kind not in CORE_KINDS}
    cases = {item.request.case_id for item in items}
    following = meetings.followers_by_case(meeting.cellule_id, cases, partners) if partners and cases else {}
    slots = meetings.meeting_slots(meeting, meetings.list_points(meeting))
    found: dict[int, Wanted] = {}
    for seat in seats:
        if seat.organisation.kind in CORE_KINDS:
            wanted = _whole(meeting, seat, items)
        else:
            own = [item for item in items if seat.organisation_id in following.get(item.request.case_id, ())]
            wanted = _partial(seat, own, slots)
        if wanted is not None and wanted.membership.id not in found:
            found[wanted.membership.id] = wanted
    return list(found.values())


def _whole(meeting: Meeting, seat: Seat, items: Sequence[AgendaItem]) -> Wanted | None:
    holder = next(iter(_ranked(seat.holders)), None)
    if holder is None:
        return None
    return Wanted(seat, holder.membership, meeting.starts_at, meeting.ends_at, _mark(items))


def _partial(seat: Seat, own: Sequence[AgendaItem], slots: Mapping[str, Slot]) -> Wanted | None:
    """Return the first holder who takes part in a case of the seat, from the first of these cases to the last."""
    for holder in _ranked(seat.holders):
        theirs = [item for item in own if not meetings.is_recused(item.request.case, holder.membership.user_id)]
        slot = window(slots[item.public_id] for item in theirs if item.public_id in slots)
        if slot is not None:
            shown = rounded(slot)
            return Wanted(seat, holder.membership, shown.start, shown.end, _mark(theirs))
    return None


def _mark(items: Sequence[AgendaItem]) -> str:
    return agenda_mark(item.public_id for item in items)


def _ranked(holders: Sequence[SeatHolder]) -> Sequence[SeatHolder]:
    return sorted(holders, key=lambda holder: (holder.rank is not HolderRank.TITULAIRE, holder.id))
