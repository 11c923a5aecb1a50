"""Reads of outcomes: of one request, and of all those of a case."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.accounts import queries as accounts
from pdp.core import clock, db
from pdp.dispositifs.enums import StatusGroup
from pdp.meetings.enums import DecisionOutcome, OpinionCode
from pdp.meetings.models import AgendaItem, CelluleOpinion, FundDecision, Meeting
from pdp.meetings.queries import correction_mark
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode
from pdp.outcomes.models import RequestOutcome
from pdp.policy.actor import Actor
from pdp.policy.masking import UNNAMED
from pdp.requests.models import DispositifRequest


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome as it was recorded."""

    status_group: StatusGroup
    code: OutcomeCode
    in_work: bool
    result: MeasureResult
    conclusion: MeasureConclusion | None
    observed_on: date
    comment: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """The cellule's opinion on a request, and the day of the séance."""

    code: OpinionCode
    given_on: date
    # The day on which two persons corrected it, and where both versions are.
    corrected_on: date | None = None
    correction: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What the deciding body decided, and when."""

    outcome: DecisionOutcome
    deciding_body: str
    decided_on: date


def list_requests(cellule_id: int, case_id: int) -> Sequence[DispositifRequest]:
    """Return the requests of a case, newest first, alone."""
    wanted = select(DispositifRequest).where(
        DispositifRequest.cellule_id == cellule_id, DispositifRequest.case_id == case_id
    )
    return db.session().scalars(wanted.order_by(DispositifRequest.id.desc())).all()


def list_outcomes(actor: Actor, request_ids: Sequence[int]) -> Mapping[int, Sequence[OutcomeRow]]:
    """Return the outcomes of several requests, the newest first: it is the one that holds.

    Who recorded one is not named to those who may not read the name of a sensitive partner.
    """
    wanted = (
        select(RequestOutcome)
        .options(joinedload(RequestOutcome.recorded_by))
        .where(RequestOutcome.cellule_id == actor.cellule_id, RequestOutcome.request_id.in_(request_ids))
        .order_by(RequestOutcome.id.desc())
    )
    rows = db.session().scalars(wanted).all()
    unnamed = accounts.find_unnamed(actor, {row.recorded_by_id for row in rows})
    found: dict[int, list[OutcomeRow]] = defaultdict(list)
    for row in rows:
        found[row.request_id].append(_row(row, named=row.recorded_by_id not in unnamed))
    return found


def list_opinions(cellule_id: int, request_ids: Sequence[int]) -> Mapping[int, OpinionRow]:
    """Return the newest opinion on each request: one adjourned comes back to a later séance."""
    rows = db.session().execute(
        select(AgendaItem.request_id, CelluleOpinion, Meeting.starts_at)
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.cellule_id == cellule_id, AgendaItem.request_id.in_(request_ids))
        .order_by(CelluleOpinion.id)
    )
    return {request: _opinion(opinion, starts_at) for request, opinion, starts_at in rows}


def _opinion(opinion: CelluleOpinion, starts_at: datetime) -> OpinionRow:
    mark, given_on = correction_mark(opinion), clock.local(starts_at).date()
    if mark is None:
        return OpinionRow(opinion.code, given_on)
    return OpinionRow(opinion.code, given_on, clock.local(mark.at).date(), mark.correction)


def list_decisions(cellule_id: int, request_ids: Sequence[int]) -> Mapping[int, DecisionRow]:
    """Return the decision taken on each request."""
    found = db.session().scalars(
        select(FundDecision).where(FundDecision.cellule_id == cellule_id, FundDecision.request_id.in_(request_ids))
    )
    return {each.request_id: DecisionRow(each.outcome, each.deciding_body, each.decided_on) for each in found}


def _row(outcome: RequestOutcome, *, named: bool) -> OutcomeRow:
    return OutcomeRow(
        status_group=outcome.status_group,
        code=outcome.code,
        in_work=outcome.in_work,
        result=outcome.result,
        conclusion=outcome.conclusion,
        observed_on=outcome.observed_on,
        comment=outcome.comment,
        recorded_by=outcome.recorded_by.full_name if named else UNNAMED,
        recorded_at=outcome.recorded_at,
    )
