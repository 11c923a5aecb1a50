"""The opinions that await the decision of the deciding body, and one of them with its decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.cases.models import Case
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.meetings.enums import OpinionCode
from pdp.meetings.models import AgendaItem, CelluleOpinion, FundDecision, Meeting
from pdp.meetings.queries.access import known
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest

# Opinions that call for a decision. The others close the request, or bring it back to the cellule.
DECIDABLE = (OpinionCode.FAVOURABLE, OpinionCode.FAVOURABLE_WITH_CONDITIONS, OpinionCode.UNFAVOURABLE)


_TABLED = AgendaItem.request_id == DispositifRequest.id
_GIVEN = CelluleOpinion.item_id == AgendaItem.id


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """A request with the opinion given on it, and where: rows with their case, person and activities."""

    request: DispositifRequest
    opinion: CelluleOpinion
    meeting: Meeting


def list_awaiting_decisions(actor: Actor, after: str | None, limit: int) -> Sequence[OpinionGiven]:
    """Return the requests whose opinion awaits a decision, the oldest opinion first.

    `after` is the public id of the last opinion already shown.
    """
    rows = _with_case().where(*_awaiting(actor)).order_by(CelluleOpinion.id).limit(limit)
    if after is not None:
        shown = select(CelluleOpinion.id).where(
            CelluleOpinion.cellule_id == actor.cellule_id, CelluleOpinion.public_id == after
        )
        rows = rows.where(CelluleOpinion.id > shown.scalar_subquery())
    return [OpinionGiven(request, opinion, meeting) for request, opinion, meeting in db.session().execute(rows)]


def count_awaiting_decisions(actor: Actor) -> int:
    """Count the requests whose opinion awaits a decision."""
    counted = (
        select(func.count(CelluleOpinion.id))
        .select_from(DispositifRequest)
        .join(AgendaItem, _TABLED)
        .join(CelluleOpinion, _GIVEN)
        .join(DispositifRequest.case)
        .where(*_awaiting(actor))
    )
    return db.session().scalar(counted) or 0


def find_opinion_given(actor: Actor, request_id: str) -> OpinionGiven:
    """Return a request with its newest opinion. Raises `NotFound` when there is none yet."""
    rows = (
        _with_case()
        .where(
            DispositifRequest.cellule_id == actor.cellule_id, DispositifRequest.public_id == request_id, known(actor)
        )
        .order_by(CelluleOpinion.id.desc())
        .limit(1)
    )
    found = db.session().execute(rows).one_or_none()
    if found is None:
        raise NotFound
    return OpinionGiven(found[0], found[1], found[2])


def find_decision(cellule_id: int, request_key: int) -> FundDecision | None:
    """Return the decision recorded on a request, with the person who recorded it."""
    return (
        db.session()
        .scalars(
            select(FundDecision)
            .options(joinedload(FundDecision.recorded_by))
            .where(FundDecision.cellule_id == cellule_id, FundDecision.request_id == request_key)
        )
        .one_or_none()
    )


def _with_case() -> Select[DispositifRequest, CelluleOpinion, Meeting]:
    case = contains_eager(DispositifRequest.case)
    return (
        select(DispositifRequest, CelluleOpinion, Meeting)
        .join(AgendaItem, _TABLED)
        .join(CelluleOpinion, _GIVEN)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(DispositifRequest.case)
        .options(case.joinedload(Case.person), case.selectinload(Case.activities))
    )


def _awaiting(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        known(actor),
        DispositifRequest.cellule_id == actor.cellule_id,
        DispositifRequest.status == RequestStatus.OPINION_GIVEN,
        CelluleOpinion.code.in_(DECIDABLE),
    )
