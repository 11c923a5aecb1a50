"""The demo's corrections after a closing: one that a second person confirmed, one that waits for her."""

from sqlalchemy import select

from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.models import AgendaItem, CelluleOpinion
from pdp.meetings.service import correcting
from pdp.requests.models import DispositifRequest

_CONFIRMED = (
    "Service social, siège 1",
    VoteValue.ABSTAIN,
    "« Pour » a été saisi avec les autres ; Hélène Garrec avait dit qu’elle s’abstenait, ses notes le confirment.",
)
_WAITING = (
    "CPAM, action sociale",
    VoteValue.FOR,
    "Martine Delaunay a relu le procès-verbal : elle avait voté pour, et non l’abstention enregistrée.",
)


def correct_votes(people: People, moments: Moments, requests: dict[str, str]) -> None:
    """Let the coordinator notice two votes typed wrongly on a request that awaits its decision."""
    item = _item_of(requests["odile_inclupro"])
    with clock.acting_at(moments.at(-6)):
        first = _propose(people, item, *_CONFIRMED)
    with clock.acting_at(moments.at(-5, 14)):
        correcting.confirm_correction(people.actor("sophie"), first)
    with clock.acting_at(moments.at(-1, 11)):
        _propose(people, item, *_WAITING)


def _propose(people: People, item: str, seat: str, value: VoteValue, reason: str) -> str:
    with db.reading(people.actor("claire")) as session:
        opinion = session.scalars(
            select(CelluleOpinion)
            .join(AgendaItem, AgendaItem.id == CelluleOpinion.item_id)
            .where(AgendaItem.public_id == item)
        ).one()
    return correcting.propose_correction(
        people.actor("claire"),
        item,
        reason=reason,
        votes={people.seats[seat].public_id: value},
        code=OpinionCode(opinion.code),
        conditions=opinion.conditions,
        reasons=opinion.reasons,
    )


def _item_of(request: str) -> str:
    with db.reading() as session:
        wanted = select(AgendaItem.public_id).join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        return session.scalars(wanted.where(DispositifRequest.public_id == request)).one()
