"""Who sits in the cellule, with what voice and under which rules."""

from dataclasses import dataclass

from pdp.accounts import queries
from pdp.accounts.enums import HolderRank
from pdp.accounts.models import Cellule, GovernanceRules, Seat
from pdp.core import clock, db
from pdp.core.french import capital
from pdp.policy import masking
from pdp.policy.actor import Actor

_UNNAMED = capital(masking.UNNAMED)


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat of the cellule with who holds it, as the reader may know it."""

    label: str
    voice: str
    titulaires: str
    suppleants: str


@dataclass(frozen=True, slots=True)
class CellulePage:
    """The cellule, its rules, its seats, and the bodies associated with it: name and kind."""

    cellule: Cellule
    rules: GovernanceRules
    seats: tuple[SeatLine, ...]
    organisations: tuple[tuple[str, str], ...]


def read_cellule(actor: Actor) -> CellulePage:
    """Return who sits in the cellule, with what voice and under which rules; sensitive partners unnamed."""
    today = clock.today()
    with db.reading(actor):
        return CellulePage(
            cellule=queries.get_cellule(actor.cellule_id),
            rules=queries.governance(actor.cellule_id, today),
            seats=tuple(_seat_line(actor, seat) for seat in queries.list_seats(actor.cellule_id, today)),
            organisations=tuple(
                (found.name, found.kind.label) if masking.reads_name(actor, found.facts) else (_UNNAMED, "–")
                for found in queries.list_organisations(actor.cellule_id, today)
            ),
        )


def _seat_line(actor: Actor, seat: Seat) -> SeatLine:
    if not masking.reads_name(actor, seat.organisation.facts):
        return SeatLine(masking.UNNAMED_SEAT, seat.voice.label, "–", "–")
    people: dict[HolderRank, list[str]] = {rank: [] for rank in HolderRank}
    for holder in seat.holders:
        people[holder.rank].append(holder.membership.user.full_name)
    return SeatLine(
        seat.label,
        seat.voice.label,
        ", ".join(people[HolderRank.TITULAIRE]) or "siège vacant",
        ", ".join(people[HolderRank.SUPPLEANT]) or "aucun",
    )
