"""Reads of the measures granted and of what happened to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Select, and_, case, exists, func, not_, select
from sqlalchemy.orm import aliased, joinedload

from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.consent.models import SharingAgreement
from pdp.core import db
from pdp.measures.enums import EventKind
from pdp.measures.models import MeasureEvent
from pdp.measures.rules.acts import LIVE
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.workflow import GRANTED


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
    whole, live = joinedload(DispositifRequest.case), aliased(DispositifRequest)
    wanted = (
        select(DispositifRequest)
        .join(DispositifRequest.case)
        .options(whole.selectinload(Case.activities), whole.selectinload(Case.stoppages))
        .options(whole.selectinload(Case.agreements).joinedload(SharingAgreement.organisation))
        .where(
            DispositifRequest.cellule_id == cellule_id,
            DispositifRequest.status.in_(GRANTED),
            Case.stage == Stage.OPEN,
            exists().where(live.case_id == DispositifRequest.case_id, live.status.in_(LIVE)),
        )
    )
    return db.session().scalars(wanted.order_by(DispositifRequest.id)).all()


def last_days(cellule_id: int) -> Select[int, date]:
    """Return the last day of each measure that has periods, by request: planned, or the one of its interruption."""
    later = aliased(MeasureEvent)
    stops, plans = MeasureEvent.kind == EventKind.INTERRUPTED, MeasureEvent.kind == EventKind.PLANNED
    cut = exists().where(
        later.request_id == MeasureEvent.request_id, later.id > MeasureEvent.id, later.kind == EventKind.INTERRUPTED
    )
    off = exists().where(later.cancels_id == MeasureEvent.id)
    day = func.max(case((stops, MeasureEvent.happened_on), else_=MeasureEvent.until))
    return (
        select(MeasureEvent.request_id, day.label("day"))
        .where(MeasureEvent.cellule_id == cellule_id, stops | and_(plans, not_(cut), not_(off)))
        .group_by(MeasureEvent.request_id)
    )
