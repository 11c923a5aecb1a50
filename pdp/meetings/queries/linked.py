"""The other items of an agenda that answer the same need of the same case."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.core import db
from pdp.dispositifs.catalogue import sheet
from pdp.meetings.models import AgendaItem
from pdp.meetings.rules.alternatives import Alternative


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


def alternative(item: AgendaItem) -> Alternative:
    """Return a loaded item as an alternative of another."""
    return Alternative(
        position=item.position,
        name=sheet(item.request.dispositif).short_label,
        ballot=item.ballot.status if item.ballot else None,
        opinion=item.opinion.code if item.opinion else None,
    )
