"""Quorum by number and by composition, for one case.

What counts, as decided for the default governance:

- the number required is a share of all the deliberative seats of the cellule, rounded up; a déport or
  an absence never lowers it;
- a seat whose person is in the séance counts for the number and for the composition;
- a represented seat counts for the number only, and only while the very person who carries the proxy
  sits and takes part in the case: a service sits in person, and a suppléant does not inherit a proxy;
- nobody counts in two seats, and nobody carries more proxies than the limit;
- a déport takes the person out of the case. A suppléant who is there sits instead; otherwise the seat
  is deducted, with the seat that it represents.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pdp.accounts.enums import CORE_KINDS, OrganisationKind, Voice
from pdp.core.french import capital, listing
from pdp.meetings.enums import AttendanceState
from pdp.meetings.rules.words import plural

_SERVICES: dict[OrganisationKind, str] = {
    OrganisationKind.SERVICE_SOCIAL: "le service social",
    OrganisationKind.SERVICE_MEDICAL: "le service médical",
    OrganisationKind.CPAM: "la CPAM",
}


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """The quorum of a cellule: a share of the deliberative seats, in percent, and the composition.

    `proxies` is how many one person may carry.
    """

    percent: int = 50
    each_service: bool = True
    proxies: int = 1

    def required(self, seats: int) -> int:
        """Return how many of `seats` deliberative seats must sit: the share, rounded up, at least one."""
        return max(1, -(-seats * self.percent // 100))


@dataclass(frozen=True, slots=True)
class SeatPresence:
    """A seat during one case. `person` sits in it; `substitutes` are suppléants who may sit instead.

    `proxy_seat` is the seat whose person represents this one. Seats and people are named by their keys.
    """

    seat: int
    service: OrganisationKind
    voice: Voice
    state: AttendanceState
    person: int | None = None
    substitutes: tuple[int, ...] = ()
    proxy_seat: int | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether the quorum is reached, with its figures and the reason in words."""

    reached: bool
    present: int
    represented: int
    required: int
    recused: int
    missing_services: tuple[OrganisationKind, ...]
    sentence: str


def quorum(rule: QuorumRule, seats: Sequence[SeatPresence], recused: Collection[int] = ()) -> Quorum:
    """Judge the quorum for one case. `seats` are all those of the cellule; `recused` names people.

    `present` includes the represented seats; `recused` in the answer counts the seats deducted.
    """
    deliberative = [seat for seat in seats if seat.voice is Voice.DELIBERATIVE]
    people = _people(deliberative, recused)
    sitting = people.keys()
    carriers = {seat.seat for seat in deliberative if _in_person(seat, people)}
    represented = _represented(deliberative, carriers, rule.proxies)
    services = {seat.service for seat in deliberative if seat.seat in sitting}
    missing = tuple(kind for kind in CORE_KINDS if kind not in services) if rule.each_service else ()
    deducted = sum(
        seat.state is AttendanceState.PRESENT and seat.person in recused and seat.seat not in sitting
        for seat in deliberative
    )
    present, required = len(sitting) + represented, rule.required(len(deliberative))
    reached = present >= required and not missing
    sentence = _sentence(rule, present, represented, required, deducted, missing)
    return Quorum(reached, present, represented, required, deducted, missing, sentence)


def occupant(seat: SeatPresence, recused: Collection[int] = ()) -> int | None:
    """Return who sits in the seat for this case: its person, else a suppléant; None when nobody does."""
    if seat.state is not AttendanceState.PRESENT or seat.person is None:
        return None
    return next((person for person in (seat.person, *seat.substitutes) if person not in recused), None)


def _people(seats: Sequence[SeatPresence], recused: Collection[int]) -> dict[int, int]:
    """Return who sits in which seat, each person once: in their own seat first, then as suppléants."""
    found: dict[int, int] = {}
    for seat in seats:
        if (person := occupant(seat, recused)) == seat.person and person is not None and person not in found.values():
            found[seat.seat] = person
    for seat in seats:
        if seat.seat not in found and (person := occupant(seat, {*recused, *found.values()})) is not None:
            found[seat.seat] = person
    return found


def _in_person(seat: SeatPresence, people: Mapping[int, int]) -> bool:
    return seat.person is not None and people.get(seat.seat) == seat.person


def _represented(seats: Sequence[SeatPresence], carriers: Collection[int], most: int) -> int:
    """Return how many represented seats count: those whose carrier sits in person, within the limit of each."""
    proxies = Counter(
        seat.proxy_seat for seat in seats if seat.state is AttendanceState.REPRESENTED and seat.proxy_seat in carriers
    )
    return sum(min(count, most) for count in proxies.values())


def _sentence(
    rule: QuorumRule,
    present: int,
    represented: int,
    required: int,
    deducted: int,
    missing: tuple[OrganisationKind, ...],
) -> str:
    reached = present >= required and not missing
    head = "Quorum atteint" if reached else "Quorum non atteint"
    seats = plural(present, "siège délibératif", "sièges délibératifs")
    if represented:
        seats += f", dont {plural(represented, 'représenté')}"
    parts = [f"{head} : {seats}, il en faut {required}{_composition(rule, present >= required, missing)}."]
    if deducted:
        parts.append("Le déport est déduit." if deducted == 1 else f"Les {deducted} déports sont déduits.")
    return " ".join(parts)


def _composition(rule: QuorumRule, enough: bool, missing: tuple[OrganisationKind, ...]) -> str:
    if not rule.each_service:
        return ""
    if not missing:
        return ", et les trois services siègent" if enough else ""
    names = listing([_SERVICES[kind] for kind in missing])
    verb = "ne siège pas" if len(missing) == 1 else "ne siègent pas"
    return f", mais {names} {verb}" if enough else f". {capital(names)} {verb}"
