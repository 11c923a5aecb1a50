"""What statistics count: the same figures of the living cases and of those that were erased.

Each figure stands apart: an age is never beside an opinion, so that a count of one names nobody.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from pdp.cases.models import Activity, Case, InsuredPerson
from pdp.cases.rules.workflow import ENDED
from pdp.core import clock, db
from pdp.meetings.models import AgendaItem, CelluleOpinion, FundDecision
from pdp.outcomes.models import RequestOutcome
from pdp.requests.models import DispositifRequest
from pdp.retention.models import ClosedCaseTally
from pdp.retention.rules import age_band


class Line(NamedTuple):
    """One figure: what is counted, the month, and the code of each of its sides that has one."""

    measure: str
    month: str
    status_group: str = ""
    dispositif: str = ""
    code: str = ""


def statistics(cellule_id: int) -> Counter[Line]:
    """Return the figures of a cellule, living cases and tallies together."""
    counted = facts(cellule_id)
    for kept in db.session().scalars(select(ClosedCaseTally).where(ClosedCaseTally.cellule_id == cellule_id)):
        counted[Line(kept.measure, kept.month, kept.status_group, kept.dispositif, kept.code)] += kept.count
    return counted


def facts(cellule_id: int, case_id: int | None = None) -> Counter[Line]:
    """Return the figures of the stored cases, or of one of them."""
    mine = [Case.cellule_id == cellule_id] + ([Case.id == case_id] if case_id else [])
    return Counter([*_of_cases(mine), *_of_requests(mine), *_of_outcomes(mine)])


def _of_cases(mine: list[Any]) -> Iterator[Line]:
    wanted = select(Case.opened_on, Case.closed_on, Case.stage, Case.source, InsuredPerson.birth_date)
    for row in db.session().execute(wanted.join(Case.person).where(*mine)):
        yield Line("cases.opened", _month(row.opened_on), code=row.source.value)
        if row.stage in ENDED and row.closed_on is not None:
            ended = _month(row.closed_on)
            yield Line("cases.ended", ended, code=row.stage.value)
            yield Line("cases.age", ended, code=age_band(row.birth_date, row.closed_on))
    statuses = select(Case.id, Case.opened_on, Activity.status).join(Case.activities).where(*mine)
    for _, opened_on, group in {(row.id, row.opened_on, row.status.group) for row in db.session().execute(statuses)}:
        yield Line("cases.status", _month(opened_on), status_group=group.value)


def _of_requests(mine: list[Any]) -> Iterator[Line]:
    request = select(DispositifRequest.dispositif, DispositifRequest.status, DispositifRequest.created_at)
    for row in db.session().execute(request.join(DispositifRequest.case).where(*mine)):
        yield Line("requests.made", _month(row.created_at), dispositif=row.dispositif.value, code=row.status.value)
    opinion = (
        select(DispositifRequest.dispositif, CelluleOpinion.code, CelluleOpinion.recorded_at)
        .join(DispositifRequest.case)
        .join(AgendaItem, AgendaItem.request_id == DispositifRequest.id)
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
    )
    for kind, code, at in db.session().execute(opinion.where(*mine)):
        yield Line("opinions", _month(at), dispositif=kind.value, code=code.value)
    decision = (
        select(DispositifRequest.dispositif, FundDecision.outcome, FundDecision.decided_on)
        .join(DispositifRequest.case)
        .join(FundDecision, FundDecision.request_id == DispositifRequest.id)
    )
    for kind, outcome, on in db.session().execute(decision.where(*mine)):
        yield Line("decisions", _month(on), dispositif=kind.value, code=outcome.value)


def _of_outcomes(mine: list[Any]) -> Iterator[Line]:
    """Yield the newest outcome of each request and status group: the one that holds."""
    wanted = (
        select(RequestOutcome, DispositifRequest.dispositif)
        .join(DispositifRequest, DispositifRequest.id == RequestOutcome.request_id)
        .join(DispositifRequest.case)
        .where(*mine)
        .order_by(RequestOutcome.id)
    )
    newest = {(row.request_id, row.status_group): (row, kind) for row, kind in db.session().execute(wanted)}
    for row, kind in newest.values():
        yield Line("outcomes", _month(row.observed_on), row.status_group.value, kind.value, row.code.value)


def _month(moment: date | datetime) -> str:
    day = clock.local(moment) if isinstance(moment, datetime) else moment
    return day.strftime("%Y-%m")
