"""Who votes on a case at the moment its ballot opens: those who sit, suppléants after a déport, proxies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pdp.accounts.enums import CORE_KINDS, HolderRank
from pdp.accounts.models import Membership
from pdp.cases.models import Case
from pdp.core.errors import RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import AttendanceState
from pdp.meetings.models import Attendance
from pdp.meetings.queries import HeldItem
from pdp.meetings.service.steps import held_on

_NOBODY = "Aucun siège n’est occupé : enregistrez les présences avant d’ouvrir le scrutin."


@dataclass(frozen=True, slots=True)
class Elector:
    """A seat that votes and the membership that answers for it; by proxy, that of the person who carries it."""

    row: Attendance
    membership_id: int
    by_proxy: bool = False


def electorate(held: HeldItem) -> Sequence[Elector]:
    """Return the seats that vote on an item, in their order.

    A person who sits votes, unless a déport or closed doors keep them out; a suppléant free to sit then does.
    A represented seat votes through who carries its proxy, while that person sits and takes part in the case.
    Raises `RuleViolation` when nobody is left.
    """
    rows = queries.list_attendances(held.meeting.cellule_id, held.meeting.id)
    place = _Place(held, rows)
    sitting = [elector for row in rows if queries.is_sitting(row) and (elector := place.seated(row))]
    carriers = {one.row.seat_id: one for one in sitting if one.membership_id == one.row.membership_id}
    proxies = [elector for row in rows if (elector := place.represented(row, carriers))]
    if not sitting:
        raise RuleViolation(_NOBODY)
    order = {row.seat_id: rank for rank, row in enumerate(rows)}
    return sorted([*sitting, *proxies], key=lambda one: order[one.row.seat_id])


class _Place:
    """The seats of a séance for one case: which organisations follow it, who may sit in which seat."""

    def __init__(self, held: HeldItem, rows: Sequence[Attendance]) -> None:
        self.case: Case = held.request.case
        bodies = {row.seat.organisation_id for row in rows if row.seat.organisation.kind not in CORE_KINDS}
        self.partners: Collection[int] = bodies
        self.following = queries.partners_following(held.meeting.cellule_id, held.request.case_id, bodies)
        self.busy = {row.membership_id for row in rows if queries.is_sitting(row)}
        self.holders: Mapping[int, list[tuple[HolderRank, Membership]]] = {row.seat_id: [] for row in rows}
        for holder in queries.list_holders(list(self.holders), held_on(held.meeting)):
            self.holders[holder.seat_id].append((HolderRank(holder.rank), holder.membership))

    def seated(self, row: Attendance) -> Elector | None:
        """Return who votes for an occupied seat: who sits there, else a suppléant who sits nowhere yet."""
        if row.membership is None:
            return None
        if self._takes_part(row, row.membership):
            return Elector(row, row.membership.id)
        if not queries.is_recused(self.case, row.membership.user_id):
            return None
        for _, membership in self.holders[row.seat_id]:
            if membership.id not in self.busy and self._takes_part(row, membership):
                return Elector(row, membership.id)
        return None

    def represented(self, row: Attendance, carriers: Mapping[int, Elector]) -> Elector | None:
        """Return the vote by proxy of a represented seat, whose titulaire must be free to take part too."""
        carrier = carriers.get(row.proxy_seat_id or 0)
        if row.state is not AttendanceState.REPRESENTED or carrier is None:
            return None
        titulaires = [person for rank, person in self.holders[row.seat_id] if rank is HolderRank.TITULAIRE]
        if not all(self._takes_part(row, person) for person in titulaires):
            return None
        return Elector(row, carrier.membership_id, by_proxy=True)

    def _takes_part(self, row: Attendance, membership: Membership) -> bool:
        if row.seat.organisation_id in self.partners:
            known = row.seat.organisation_id in self.following
            return known and not queries.is_recused(self.case, membership.user_id)
        # Behind closed doors only named readers sit; the others count as absent for this case.
        return queries.may_sit(self.case, membership.user_id)
