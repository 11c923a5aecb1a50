"""What a letter is made from: a request with its case, its opinion, its decision and its actions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager

from pdp.cases.models import Case
from pdp.cases.queries.visibility import visible_to
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings.enums import ActionState
from pdp.meetings.models import Action, AgendaItem, CelluleOpinion, FundDecision, Meeting
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest


@dataclass(frozen=True, slots=True)
class Subject:
    """A request and what was said of it; the case comes with its person, referent, activities and agreements."""

    request: DispositifRequest
    opinion: CelluleOpinion | None
    held_on: date | None
    decision: FundDecision | None
    actions: Sequence[Action]

    @property
    def case(self) -> Case:
        """Return the case that the request is about."""
        return self.request.case


def get_subject(actor: Actor, request_public_id: str) -> Subject:
    """Return what letters about a request are made from. Raises `NotFound` for a case that the actor may not see."""
    found = _subjects(actor, DispositifRequest.public_id == request_public_id)
    if not found:
        raise NotFound
    return found[0]


def list_subjects(actor: Actor, case: Case) -> list[Subject]:
    """Return what letters about the requests of a case are made from, the newest request first."""
    return _subjects(actor, DispositifRequest.case_id == case.id)


def _subjects(actor: Actor, condition: ColumnElement[bool]) -> list[Subject]:
    case = contains_eager(DispositifRequest.case)
    wanted = (
        select(DispositifRequest)
        .join(DispositifRequest.case)
        .options(
            case.joinedload(Case.person),
            case.joinedload(Case.referent),
            case.selectinload(Case.activities),
            case.selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
        )
        .where(DispositifRequest.cellule_id == actor.cellule_id, visible_to(actor, clock.today()), condition)
        .order_by(DispositifRequest.id.desc())
    )
    requests = db.session().scalars(wanted).unique().all()
    ids = [request.id for request in requests]
    opinions, decisions = _opinions(actor.cellule_id, ids), _decisions(actor.cellule_id, ids)
    actions = _actions(actor.cellule_id, ids)
    found = []
    for request in requests:
        opinion, held_on = opinions.get(request.id, (None, None))
        found.append(Subject(request, opinion, held_on, decisions.get(request.id), actions[request.id]))
    return found


def _opinions(cellule_id: int, ids: Sequence[int]) -> dict[int, tuple[CelluleOpinion, date]]:
    rows = db.session().execute(
        select(AgendaItem.request_id, CelluleOpinion, Meeting.starts_at)
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.cellule_id == cellule_id, AgendaItem.request_id.in_(ids))
        .order_by(CelluleOpinion.id)
    )
    return {request_id: (opinion, clock.local(starts_at).date()) for request_id, opinion, starts_at in rows}


def _decisions(cellule_id: int, ids: Sequence[int]) -> dict[int, FundDecision]:
    wanted = select(FundDecision).where(FundDecision.cellule_id == cellule_id, FundDecision.request_id.in_(ids))
    return {decision.request_id: decision for decision in db.session().scalars(wanted)}


def _actions(cellule_id: int, ids: Sequence[int]) -> dict[int, list[Action]]:
    rows = db.session().execute(
        select(AgendaItem.request_id, Action)
        .join(AgendaItem, AgendaItem.id == Action.item_id)
        .where(Action.cellule_id == cellule_id, AgendaItem.request_id.in_(ids), Action.state == ActionState.OPEN)
        .order_by(Action.due_on, Action.id)
    )
    found: dict[int, list[Action]] = defaultdict(list)
    for request_id, action in rows:
        found[request_id].append(action)
    return found
