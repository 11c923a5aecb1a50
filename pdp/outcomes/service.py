"""Record what became of a request, and show it on the case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pdp.audit import service as audit
from pdp.cases import queries as case_queries
from pdp.cases import service as cases
from pdp.cases.rules.view import CaseView
from pdp.core import clock, db
from pdp.core.errors import Forbidden
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.meetings.queries import held as meetings
from pdp.meetings.queries.held import Held
from pdp.outcomes import queries, rules
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode
from pdp.outcomes.models import RequestOutcome
from pdp.outcomes.queries import DecisionRow, OpinionRow, OutcomeRow
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import readable_labels, writable_labels
from pdp.requests import queries as requests
from pdp.requests import service as request_service
from pdp.requests.enums import RequestAction, RequestStatus
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.workflow import shown_status

# What is still to be done with a request when its measure has come to its end.
_TO_THE_END: dict[RequestStatus, tuple[RequestAction, ...]] = {
    RequestStatus.DECIDED: (RequestAction.START, RequestAction.END),
    RequestStatus.RUNNING: (RequestAction.END,),
}


@dataclass(frozen=True, slots=True)
class FollowedRequest:
    """A request of a case with what followed; a part that the reader may not read is None."""

    public_id: str | None
    title: str | None
    status: RequestStatus | None
    start: date | None
    end: date | None
    opinion: OpinionRow | None
    decision: DecisionRow | None
    outcomes: tuple[OutcomeRow, ...]
    # What the opinion holds: its rows are for the core, a partner reads where they stand together.
    held: Held | None
    awaited: bool
    may_record: bool


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What the form about one request needs. `statuses` are those to choose from."""

    request: str
    case: str
    case_reference: str
    title: str
    dispositif: Dispositif
    status: RequestStatus
    statuses: tuple[StatusGroup, ...]
    results: tuple[MeasureResult, ...]
    asks_conclusion: bool


def read_case_outcomes(actor: Actor, case_public_id: str) -> tuple[CaseView, tuple[FollowedRequest, ...]]:
    """Open the « Suivi » tab of a case: each request, its opinion and decision if readable, its outcomes."""
    with db.transaction(actor):
        view = cases.read_case(actor, case_public_id, part="outcomes")
        case = case_queries.get_case(actor, case_public_id)
        found = queries.list_requests(case.cellule_id, case.id)
        ids = [request.id for request in found]
        outcomes = queries.list_outcomes(actor, ids) if Label.OUTCOME in view.labels else {}
        opinions = queries.list_opinions(case.cellule_id, ids) if Label.OPINION in view.labels else {}
        decisions = queries.list_decisions(case.cellule_id, ids) if Label.DECISION in view.labels else {}
        held = meetings.list_held(case.cellule_id, ids) if Label.OPINION in view.labels else {}
        followed = tuple(
            _follow(
                actor,
                view,
                request,
                opinions.get(request.id),
                decisions.get(request.id),
                outcomes.get(request.id),
                held.get(request.id),
            )
            for request in found
        )
    return view, tuple(each for each in followed if each.title or each.opinion or each.decision or each.outcomes)


def prepare_outcome(actor: Actor, request_public_id: str) -> OutcomePage:
    """Return what the form that records an outcome needs. Raises `RuleViolation` when it is too early."""
    ensure(actor, Permission.OUTCOME_RECORD)
    with db.transaction(actor):
        request = _writable(actor, request_public_id)
        audit.record(actor, "request.read", case_id=request.case_id, subject=request, part="outcome")
        rules.ensure_may_record(request.status)
        return OutcomePage(
            request=request.public_id,
            case=request.case.public_id,
            case_reference=request.case.reference,
            title=sheet(request.dispositif).label,
            dispositif=request.dispositif,
            status=request.status,
            statuses=_choosable(actor, request),
            results=rules.results_for(request.status),
            asks_conclusion=rules.asks_conclusion(request.dispositif),
        )


def record_outcome(
    actor: Actor,
    request_public_id: str,
    *,
    status_group: StatusGroup,
    code: OutcomeCode,
    result: MeasureResult,
    observed_on: date,
    in_work: bool | None = None,
    conclusion: MeasureConclusion | None = None,
    comment: str = "",
) -> str:
    """Add an outcome to a request and return the public id of its case; earlier ones stay, the newest holds.

    A measure granted is thereby at its end: the request moves on accordingly. `in_work` may be left out
    where the code says it. Raises `InvalidInput` for values that do not agree, `RuleViolation` before
    the decision.
    """
    ensure(actor, Permission.OUTCOME_RECORD)
    with db.transaction(actor) as session:
        request = _writable(actor, request_public_id, lock=True)
        rules.ensure_may_record(request.status)
        seen = rules.Observation(status_group, code, in_work, result, conclusion, observed_on, comment)
        rules.ensure_coherent(seen, _measure(actor, request), clock.today())
        outcome = RequestOutcome(
            cellule_id=request.cellule_id,
            request_id=request.id,
            status_group=status_group,
            code=code,
            in_work=rules.works(code, in_work),
            result=result,
            conclusion=conclusion,
            observed_on=observed_on,
            comment=comment,
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        session.add(outcome)
        for action in _TO_THE_END.get(request.status, ()):
            request_service.advance(actor, request, action)
        audit.record(
            actor,
            "outcome.record",
            case_id=request.case_id,
            subject=outcome,
            code=code.value,
            result=result.value,
            status_group=status_group.value,
        )
        return request.case.public_id


def _writable(actor: Actor, public_id: str, *, lock: bool = False) -> DispositifRequest:
    """Return a request whose outcome the actor writes today. Raises `Forbidden`, answered as missing."""
    request = requests.get_request(actor, public_id, lock=lock)
    if Label.OUTCOME not in writable_labels(actor, case_queries.case_facts(request.case), clock.today()):
        raise Forbidden(Permission.OUTCOME_RECORD)
    return request


def _statuses(actor: Actor, request: DispositifRequest) -> frozenset[StatusGroup]:
    """Return the statuses of the person, if the actor reads them."""
    labels = readable_labels(actor, case_queries.case_facts(request.case), clock.today())
    if Label.EMPLOYMENT not in labels:
        return frozenset()
    return frozenset(activity.status.group for activity in request.case.activities)


def _choosable(actor: Actor, request: DispositifRequest) -> tuple[StatusGroup, ...]:
    known = _statuses(actor, request) or frozenset({StatusGroup.SALARIE, StatusGroup.TI})
    return tuple(group for group in StatusGroup if group in known)


def _measure(actor: Actor, request: DispositifRequest) -> rules.Measure:
    return rules.Measure(
        dispositif=request.dispositif,
        status=request.status,
        requested_on=clock.local(request.created_at).date(),
        start=request.measure_start,
        statuses=_statuses(actor, request),
    )


def _follow(
    actor: Actor,
    view: CaseView,
    request: DispositifRequest,
    opinion: OpinionRow | None,
    decision: DecisionRow | None,
    outcomes: Sequence[OutcomeRow] | None,
    held: Held | None,
) -> FollowedRequest:
    named = Label.REQUEST in view.labels
    writes = Label.OUTCOME in view.writable and can(actor, Permission.OUTCOME_RECORD)
    due = rules.may_record(request.status)
    return FollowedRequest(
        public_id=request.public_id if named else None,
        title=sheet(request.dispositif).label if named else None,
        status=shown_status(request.status, view.labels) if named else None,
        start=request.measure_start if named else None,
        end=request.measure_end if named else None,
        opinion=opinion,
        decision=decision,
        outcomes=tuple(outcomes or ()),
        held=held if held is None or actor.is_core else replace(held, rows=()),
        awaited=due and not outcomes and Label.OUTCOME in view.labels,
        may_record=named and writes and due,
    )
