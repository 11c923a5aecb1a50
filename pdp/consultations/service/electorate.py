"""Who is asked: every seat, through its titulaire, or the suppléant while the titulaire may not answer."""

from collections.abc import Collection, Sequence

from pdp.accounts import queries as accounts
from pdp.accounts.enums import CORE_KINDS, HolderRank
from pdp.accounts.models import Seat, SeatHolder
from pdp.cases.models import Case
from pdp.core import clock
from pdp.meetings import queries as meetings
from pdp.meetings.models import Meeting
from pdp.meetings.service.ballots import Voter


def electorate(meeting: Meeting, case: Case, seats: Sequence[Seat]) -> list[Voter]:
    """Return who answers for each seat in one case; a partner's seat only while the case is shared with it.

    Nobody answers for two seats: the first in their order is kept.
    """
    partners = {seat.organisation_id for seat in seats if seat.organisation.kind not in CORE_KINDS}
    following = meetings.partners_following(meeting.cellule_id, case.id, partners)
    voters: list[Voter] = []
    taken: set[int] = set()
    for seat in seats:
        is_partner = seat.organisation_id in partners
        if is_partner and seat.organisation_id not in following:
            continue
        holder = _who_answers(seat, case, taken, is_partner=is_partner)
        if holder is not None:
            taken.add(holder.membership_id)
            voters.append(Voter(seat, holder.membership_id))
    return voters


def list_seats(meeting: Meeting) -> Sequence[Seat]:
    """Return the seats of the cellule today, with who holds them."""
    return accounts.list_seats(meeting.cellule_id, clock.today())


def _who_answers(seat: Seat, case: Case, taken: Collection[int], *, is_partner: bool) -> SeatHolder | None:
    ranked = sorted(seat.holders, key=lambda holder: (holder.rank is not HolderRank.TITULAIRE, holder.id))
    for holder in ranked:
        person = holder.membership.user
        if holder.membership_id in taken or person.disabled_at is not None:
            continue
        if is_partner:
            if not meetings.is_recused(case, person.id):
                return holder
        elif meetings.may_sit(case, person.id):
            return holder
    return None
