"""How many things wait, in one statement."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, exists, func, or_, select, true

from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.cases.queries import reads_label, visible_to
from pdp.consent.enums import RecallState
from pdp.consent.models import Recall
from pdp.core import db
from pdp.home.queries.common import CEILING, NOT_THERE, PENDING, open_actions, reads_requests
from pdp.home.queries.rows import Counts
from pdp.meetings.enums import BallotStatus
from pdp.meetings.models import Action, AgendaItem, Ballot, BallotVoter, CelluleOpinion, Meeting
from pdp.meetings.queries import is_seance
from pdp.meetings.queries.decisions import DECIDABLE
from pdp.outcomes.models import RequestOutcome
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest, RequiredPiece

_AWAITS_OUTCOME = (RequestStatus.DECIDED, RequestStatus.RUNNING)


def count_work(
    actor: Actor, today: date, registers: Sequence[Select[int, datetime]]
) -> tuple[Counts, list[tuple[int, datetime | None]]]:
    """Count what waits for the actor, in one statement; the second value answers each register, in its order."""
    mine = visible_to(actor, today)
    asked, agreed = reads_requests(actor, today), reads_label(actor, Label.AGREEMENTS, today)
    missing = exists().where(RequiredPiece.request_id == DispositifRequest.id, RequiredPiece.state.in_(NOT_THERE))
    counted = select(
        _capped(select(Case.id).where(reads_label(actor, Label.SIGNAL, today), Case.stage == Stage.TRIAGE)),
        _capped(select(Case.id).where(mine, Case.stage == Stage.OPEN)),
        _capped(_requests(agreed, PENDING).where(missing)),
        _capped(_requests(asked, (RequestStatus.READY, RequestStatus.ADJOURNED))),
        _capped(_open_ballots(actor, asked)),
        _capped(_awaiting_decision(reads_label(actor, Label.DECISION, today))),
        _capped(_awaiting_outcome(reads_label(actor, Label.OUTCOME, today), today)),
        _capped(open_actions(actor, asked).with_only_columns(Action.id)),
        _capped(_recalls(actor)),
    )
    row = db.session().execute(_beside(counted, registers)).one()
    found = list(row[len(fields(Counts)) :])
    return Counts(*row[: len(fields(Counts))]), list(zip(found[::2], found[1::2], strict=True))


def _beside(counted: Select[*tuple[Any, ...]], registers: Sequence[Select[int, datetime]]) -> Select[Any]:
    """Put the one row of each register beside the one row of the counts."""
    answers = [register.subquery() for register in registers]
    if not answers:
        return counted
    joined: FromClause = answers[0]
    for answer in answers[1:]:
        joined = joined.join(answer, true())
    return counted.select_from(joined).add_columns(*(column for answer in answers for column in answer.c))


def _requests(mine: ColumnElement[bool], statuses: Sequence[RequestStatus]) -> Select[Any]:
    return (
        select(DispositifRequest.id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(mine, DispositifRequest.status.in_(statuses))
    )


def _awaiting_decision(mine: ColumnElement[bool]) -> Select[Any]:
    """Select what the list of decisions to record holds: a request without object awaits none."""
    decidable = exists().where(
        AgendaItem.request_id == DispositifRequest.id,
        CelluleOpinion.item_id == AgendaItem.id,
        CelluleOpinion.code.in_(DECIDABLE),
    )
    return _requests(mine, (RequestStatus.OPINION_GIVEN,)).where(decidable)


def _awaiting_outcome(mine: ColumnElement[bool], today: date) -> Select[Any]:
    recorded = exists().where(RequestOutcome.request_id == DispositifRequest.id)
    return _requests(mine, _AWAITS_OUTCOME).where(
        or_(DispositifRequest.measure_end.is_(None), DispositifRequest.measure_end < today), ~recorded
    )


def _open_ballots(actor: Actor, asked: ColumnElement[bool]) -> Select[Any]:
    ballots = (
        select(Ballot.id)
        .join(AgendaItem, AgendaItem.id == Ballot.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(asked, Ballot.status == BallotStatus.OPEN, is_seance())
    )
    if actor.role is Role.COORDINATEUR:
        return ballots
    seated = exists().where(BallotVoter.ballot_id == Ballot.id, BallotVoter.membership_id == actor.membership_id)
    return ballots.where(seated)


def _recalls(actor: Actor) -> Select[Any]:
    """Select what the actor's organisation is asked to destroy, whether or not it still sees a case."""
    return select(Recall.id).where(
        Recall.cellule_id == actor.cellule_id,
        Recall.organisation_id == actor.organisation_id,
        Recall.state == RecallState.ASKED,
    )


def _capped(query: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(query.limit(CEILING).subquery()).scalar_subquery()
