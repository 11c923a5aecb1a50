"""Reads of the measures granted and of what happened to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.consent.models import SharingAgreement
from pdp.core import db
from pdp.measures.models import MeasureEvent
from pdp.measures.rules.acts import GRANTED, LIVE
from pdp.requests.models import DispositifRequest


def list_events(cellule_id: int, request_ids: Sequence[int]) -> Mapping[int, Sequence[MeasureEvent]]:
    """Return what happened to each measure, oldest first, in one statement."""
    wanted = select(MeasureEvent).where(
        MeasureEvent.cellule_id == cellule_id, MeasureEvent.request_id.in_(request_ids)
    )
    found: dict[int, list[MeasureEvent]] = defaultdict(list)
    for event in db.session().scalars(wanted.order_by(MeasureEvent.id)):
        found[event.request_id].append(event)
    return found


def list_followed(cellule_id: int) -> Sequence[DispositifRequest]:
    """Return the measures granted in each open case that has one not over, with what their clocks need."""
    case, live = joinedload(DispositifRequest.case), aliased(DispositifRequest)
    wanted = (
        select(DispositifRequest)
        .join(DispositifRequest.case)
        .options(case.selectinload(Case.activities), case.selectinload(Case.stoppages))
        .options(case.selectinload(Case.agreements).joinedload(SharingAgreement.organisation))
        .where(
            DispositifRequest.cellule_id == cellule_id,
            DispositifRequest.status.in_(GRANTED),
            Case.stage == Stage.OPEN,
            exists().where(live.case_id == DispositifRequest.case_id, live.status.in_(LIVE)),
        )
    )
    return db.session().scalars(wanted.order_by(DispositifRequest.id)).all()
