"""The other items of an agenda that answer the same need of the same case."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.core import db
from pdp.dispositifs.catalogue import sheet
from pdp.meetings.enums import BallotStatus, OpinionCode
from pdp.meetings.models import AgendaItem, Ballot, CelluleOpinion
from pdp.meetings.rules.alternatives import Alternative
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest


def alternatives_of(item: AgendaItem) -> tuple[Alternative, ...]:
    """Return the items declared as alternatives of this one, in the order of the agenda."""
    if item.alternative_group is None:
        return ()
    rows = db.session().scalars(
        select(AgendaItem)
        .options(joinedload(AgendaItem.request), joinedload(AgendaItem.ballot), joinedload(AgendaItem.opinion))
        .where(
            AgendaItem.cellule_id == item.cellule_id,
            AgendaItem.meeting_id == item.meeting_id,
            AgendaItem.alternative_group == item.alternative_group,
            AgendaItem.id != item.id,
        )
        .order_by(AgendaItem.position)
    )
    return tuple(alternative(row) for row in rows)


def lock_left_aside(item: AgendaItem) -> Sequence[AgendaItem]:
    """Return the alternatives of an item said « sans objet » without a vote, whose request stayed there, locked."""
    if item.alternative_group is None:
        return ()
    request = contains_eager(AgendaItem.request)
    voted = exists().where(Ballot.item_id == AgendaItem.id, Ballot.status == BallotStatus.CLOSED)
    rows = db.session().scalars(
        select(AgendaItem)
        .join(AgendaItem.request)
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .options(request.joinedload(DispositifRequest.case, innerjoin=True), joinedload(AgendaItem.opinion))
        .where(
            AgendaItem.cellule_id == item.cellule_id,
            AgendaItem.meeting_id == item.meeting_id,
            AgendaItem.alternative_group == item.alternative_group,
            AgendaItem.id != item.id,
            CelluleOpinion.code == OpinionCode.NO_OBJECT,
            DispositifRequest.status == RequestStatus.OPINION_GIVEN,
            ~voted,
        )
        .order_by(DispositifRequest.id)
        .with_for_update(of=DispositifRequest)
    )
    return rows.all()


def alternative(item: AgendaItem) -> Alternative:
    """Return a loaded item as an alternative of another."""
    return Alternative(
        position=item.position,
        name=sheet(item.request.dispositif).short_label,
        ballot=item.ballot.status if item.ballot else None,
        opinion=item.opinion.code if item.opinion else None,
    )
